package dev.modelsigning.internal.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only absolute user directories are used. */
@DisabledOnOs(OS.WINDOWS)
class UserDirectoriesTest {

  private static UserDirectories of(Map<String, String> environment, String userHome) {
    return UserDirectories.of(environment, userHome, "linux");
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", ".", "", "relative", "../up", "./x", "~", "a\u0000b"})
  void aHomeThatIsNotAbsoluteIsNone(String home) {
    UserDirectories none = of(Map.of("HOME", home), home);
    assertThat(none.home()).isEmpty();
    assertThat(none.config()).isEmpty();
    assertThat(none.cache()).isEmpty();
    assertThat(of(Map.of("HOME", home), "/home/a").home()).contains(Path.of("/home/a"));
    assertThat(of(Map.of("HOME", "/home/b"), home).home()).contains(Path.of("/home/b"));
    assertThat(of(Map.of(), null).home()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?", ".", "", "relative", "../up"})
  void passesOverRelativeDirectoriesOfXdg(String directory) {
    UserDirectories of =
        of(
            Map.of("HOME", "/home/a", "XDG_CONFIG_HOME", directory, "XDG_CACHE_HOME", directory),
            "?");
    assertThat(of.config()).contains(Path.of("/home/a/.config"));
    assertThat(of.cache()).contains(Path.of("/home/a/.cache"));
  }

  @Test
  void takesWhatXdgSays() {
    Map<String, String> xdg = Map.of("XDG_CONFIG_HOME", "/c", "XDG_CACHE_HOME", "/d");
    assertThat(of(xdg, "?"))
        .extracting(UserDirectories::config, UserDirectories::cache)
        .extracting(Object::toString)
        .containsExactly("Optional[/c]", "Optional[/d]");
    assertThat(UserDirectories.of(Map.of(), "/Users/a", "mac os x").cache())
        .contains(Path.of("/Users/a/Library/Caches"));
  }

  @Test
  void namesAVariableThatWouldLeadNativeCodeAstray() {
    assertThat(
            UserDirectories.relativeVariable(Map.of("XDG_DATA_HOME", "", "XDG_CONFIG_HOME", "/c")))
        .isEmpty();
    assertThat(UserDirectories.relativeVariable(Map.of("HOME", ""))).contains("HOME");
    assertThat(UserDirectories.relativeVariable(Map.of("HOME", "."))).contains("HOME");
    assertThat(UserDirectories.relativeVariable(Map.of("HOME", "/", "XDG_CONFIG_HOME", "c")))
        .contains("XDG_CONFIG_HOME");
  }
}
