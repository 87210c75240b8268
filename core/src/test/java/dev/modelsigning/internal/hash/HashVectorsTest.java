package dev.modelsigning.internal.hash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.SharedVectors;
import dev.modelsigning.testing.WithSharedVectors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published known answers of the hash functions. */
@WithSharedVectors
class HashVectorsTest {

  @TestFactory
  Stream<DynamicTest> blake3() {
    Path file = SharedVectors.path("hash/blake3.json");
    return cases(JsonMapper.shared().readTree(file.toFile()).get("cases"))
        .map(vector -> {
          int length = vector.get("input_len").asInt();
          return DynamicTest.dynamicTest(
              "blake3.json, " + length + " bytes",
              () -> {
                byte[] input = new byte[length];
                for (int i = 0; i < length; i++) {
                  input[i] = (byte) (i % 251);
                }
                requireDigest(
                    HashFunction.blake3(), input, vector.get("hash").asString().substring(0, 64));
              });
        });
  }

  @TestFactory
  Stream<DynamicTest> blake2b() {
    Path file = SharedVectors.path("hash/blake2b-512.json");
    JsonNode root = JsonMapper.shared().readTree(file.toFile());
    return cases(root.isArray() ? root : root.iterator().next())
        .map(vector ->
            DynamicTest.dynamicTest(
                "blake2b-512.json, " + vector.get("in").asString().length() / 2 + " bytes",
                () ->
                    requireDigest(
                        HashFunction.blake2b512(),
                        HexFormat.of().parseHex(vector.get("in").asString()),
                        vector.get("out").asString())));
  }

  private static Stream<JsonNode> cases(JsonNode array) {
    List<JsonNode> cases = new ArrayList<>();
    array.forEach(cases::add);
    assertThat(cases).isNotEmpty();
    return cases.stream();
  }

  /** In one piece, in uneven pieces, and a second time with the same instance. */
  private static void requireDigest(HashFunction function, byte[] input, String expected) {
    function.update(input, 0, input.length);
    assertThat(HexFormat.of().formatHex(function.digest())).isEqualTo(expected);
    for (int offset = 0, step = 1; offset < input.length; offset += step, step = step * 3 + 1) {
      function.update(input, offset, Math.min(step, input.length - offset));
    }
    assertThat(HexFormat.of().formatHex(function.digest())).isEqualTo(expected);
  }
}
