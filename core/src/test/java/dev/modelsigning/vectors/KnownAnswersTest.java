package dev.modelsigning.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.TestKeys;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Known answers of hash functions and of the verification of ECDSA, from {@code vectors}. */
class KnownAnswersTest {

  @TempDir Path scratch;

  private static JsonNode read(String folder) {
    return JsonMapper.shared()
        .readTree(VectorSet.root().resolve(folder).resolve(VectorSet.INDEX).toFile());
  }

  private static List<JsonNode> vectors(JsonNode document) {
    List<JsonNode> vectors = new ArrayList<>();
    document.get("vectors").forEach(vectors::add);
    assertThat(vectors).hasSizeGreaterThan(100);
    return vectors;
  }

  @TestFactory
  Stream<DynamicTest> hash() {
    return vectors(read("hash")).stream()
        .map(vector -> {
          String id = vector.get("algorithm").asString();
          int length = vector.get("length").asInt();
          return dynamicTest(
              "hash/" + id + ", " + length + " bytes",
              () -> {
                Path file = scratch.resolve(id + length);
                Files.write(file, VectorModels.counting(length));
                ModelHasher hasher =
                    ModelHasher.builder().hashAlgorithm(HashAlgorithm.of(id).orElseThrow()).build();
                assertThat(hasher.hash(file).manifest().resources().get(0).digest().hex())
                    .isEqualTo(vector.get("digest").asString());
              });
        });
  }

  @TestFactory
  Stream<DynamicTest> ecdsa() {
    JsonNode document = read("ecdsa");
    Bytes message = bytes(document.get("message"));
    return vectors(document).stream()
        .map(vector ->
            dynamicTest(
                "ecdsa/"
                    + vector.get("curve").asString()
                    + ", "
                    + vector.get("comment").asString()
                    + ": "
                    + (vector.get("valid").asBoolean() ? "valid" : "invalid"),
                () -> {
                  EcdsaScheme algorithm = algorithm(vector.get("curve").asString());
                  ECPublicKey key = key(algorithm, bytes(vector.get("publicKey")).toArray());
                  assertThat(
                          TestKeys.verifies(
                              algorithm, key, message, bytes(vector.get("signature"))))
                      .isEqualTo(vector.get("valid").asBoolean());
                }));
  }

  private static EcdsaScheme algorithm(String curve) {
    return EcdsaScheme.values().stream()
        .filter(algorithm -> algorithm.curve().equals(curve))
        .findFirst()
        .orElseThrow();
  }

  private static ECPublicKey key(EcdsaScheme algorithm, byte[] point) throws Exception {
    int length = (point.length - 1) / 2;
    ECPoint w =
        new ECPoint(
            new BigInteger(1, point, 1, length), new BigInteger(1, point, 1 + length, length));
    return (ECPublicKey)
        KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(w, algorithm.parameters()));
  }

  private static Bytes bytes(JsonNode hex) {
    return Bytes.of(HexFormat.of().parseHex(hex.asString()));
  }
}
