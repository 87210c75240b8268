package dev.modelsigning.internal.part;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.internal.json.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The limits of an index, and its other content. */
class ShardIndexTest {

  private static byte[] index(int tensors) {
    StringBuilder json = new StringBuilder("{\"weight_map\":{\"t\":\"x\"");
    for (int i = 1; i < tensors; i++) {
      json.append(",\"").append(i).append("\":\"x\"");
    }
    return json.append("}}").toString().getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void readsAsManyTensorsAsAreAllowedAndNoMore() throws Exception {
    assertThat(ShardIndex.files("a/i", index(ShardIndex.MAX_TENSORS))).containsExactly("a/x");
    assertThatThrownBy(() -> ShardIndex.files("a/i", index(ShardIndex.MAX_TENSORS + 1)))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("a/i: weight_map: expected at most 1000000 fields in an object");
  }

  /** Each array within its own bounds, and too much together. */
  @Test
  void readsNoMoreOfTheRestEither() {
    String json = "{\"metadata\":[" + "0,".repeat(4_000_000) + "0]}";
    assertThatThrownBy(() -> ShardIndex.files("i", json.getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(MalformedJsonException.class)
        .hasMessageContaining("too many names, values and brackets");
  }

  @Test
  void passesOverOtherFields() throws Exception {
    String json = "{\"format\":{\"a\":[1,null]},\"weight_map\":{\"t\":\"b/x\"},\"metadata\":{}}";
    assertThat(ShardIndex.files("i", json.getBytes(StandardCharsets.US_ASCII)))
        .containsExactly("b/x");
  }
}
