package dev.modelsigning.internal.part;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.text.CanonicalPath;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** For any bytes, an index names files below its directory or is refused. */
class ShardIndexFuzzTest {

  private static final String INDEX = "a/model.safetensors.index.json";

  @MethodSource("indexes")
  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesAnIndex(byte[] bytes) {
    try {
      Set<String> files = ShardIndex.files(INDEX, bytes);
      assertThat(files).isNotEmpty();
      for (String file : files) {
        assertThat(file).startsWith("a/").doesNotContain("\\");
        assertThat(CanonicalPath.problem(file)).isNull();
      }
    } catch (MalformedJsonException e) {
      assertThat(e.getMessage()).startsWith(INDEX + ": ");
    }
  }

  static Stream<byte[]> indexes() {
    return Stream.of(
            "{\"weight_map\":{\"t\":\"model-00001-of-00002.safetensors\",\"u\":\"b/x\"}}",
            "{\"metadata\":{\"total_size\":1.5e3,\"a\":[true,null]},\"weight_map\":{\"t\":\"x\"}}",
            "{\"weight_map\":{\"t\":\"../x\"}}",
            "{\"weight_map\":{\"t\":\"b\\\\x\",\"t\":\"\\ud800\"}}",
            "{\"weight_map\":{}}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  /** The name of an index is untrusted too. */
  @MethodSource("names")
  @FuzzTest(maxDuration = "60s")
  void knowsAnIndexByItsName(byte[] bytes) {
    String path = new String(bytes, StandardCharsets.UTF_8);
    ShardIndex.family(path)
        .ifPresent(family -> assertThat(path).startsWith(family.directory()).contains(".index"));
  }

  static Stream<byte[]> names() {
    return Stream.of(INDEX, "pytorch_model.bin.index.json", "model.safetensors.index.fp16.json")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }
}
