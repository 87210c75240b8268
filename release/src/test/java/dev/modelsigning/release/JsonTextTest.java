package dev.modelsigning.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON is read and written alike. */
class JsonTextTest {

  @TempDir private Path directory;

  @Test
  void writesSortedMembersInAscii() {
    assertThat(
            JsonText.write(
                Map.of("b", List.of("x", Map.of()), "a\"", "\u00e4\n\\", "c", List.of())))
        .isEqualTo(
            """
            {
              "a\\"": "\\u00e4\\u000a\\\\",
              "b": [
                "x",
                {}
              ],
              "c": []
            }
            """);
  }

  @Test
  void readsWhatItWrites() throws Exception {
    Object value = Map.of("b", List.of("x", Map.of("y", "\ud83d\ude00")), "a", "\"\\\n");
    Path file = Checkout.write(directory, "a.json", JsonText.write(value));

    assertThat(JsonText.read(file)).isEqualTo(value);
  }

  @Test
  void readsNumbersAndConstantsAsText() throws Exception {
    Path file = Checkout.write(directory, "a.json", "[1.50, true, null]");

    assertThat(JsonText.read(file)).isEqualTo(List.of("1.50", "true", "null"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "{\"a\": }", "[1", "{} {}", "nothing"})
  void refusesWhatIsNoJson(String text) throws Exception {
    Path file = Checkout.write(directory, "a.json", text);

    assertThatThrownBy(() -> JsonText.read(file))
        .isInstanceOf(ReleaseException.class)
        .hasMessageStartingWith(file + ": expected ");
  }
}
