package dev.modelsigning.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.keyfile.PublicKeyFile;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.SharedVectors;
import dev.modelsigning.testing.TestKeys;
import dev.modelsigning.testing.WithSharedVectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Wycheproof cases for ECDSA: valid signatures verify, invalid ones do not. */
@WithSharedVectors
class EcdsaVectorsTest {

  @TempDir Path directory;

  @TestFactory
  List<DynamicTest> p256() throws Exception {
    return tests("ecdsa_secp256r1_sha256_test.json", EcdsaScheme.P256);
  }

  @TestFactory
  List<DynamicTest> p384() throws Exception {
    return tests("ecdsa_secp384r1_sha384_test.json", EcdsaScheme.P384);
  }

  @TestFactory
  List<DynamicTest> p521() throws Exception {
    return tests("ecdsa_secp521r1_sha512_test.json", EcdsaScheme.P521);
  }

  private List<DynamicTest> tests(String name, EcdsaScheme algorithm) throws Exception {
    Path file = SharedVectors.path("ecdsa/" + name);
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode group : JsonMapper.shared().readTree(file.toFile()).get("testGroups")) {
      Path pem = Files.createTempFile(directory, "key", ".pem");
      Files.writeString(pem, group.get("publicKeyPem").asString());
      PublicKey key = PublicKeyFile.read(pem).publicKey();
      assertThat(EcdsaScheme.of(key)).isEqualTo(algorithm);
      for (JsonNode vector : group.get("tests")) {
        tests.add(
            DynamicTest.dynamicTest(
                name + " " + vector.get("tcId") + " " + vector.get("comment").asString(),
                () -> check(algorithm, key, vector)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(400);
    return tests;
  }

  private static void check(EcdsaScheme algorithm, PublicKey key, JsonNode vector)
      throws Exception {
    boolean verified =
        TestKeys.verifies(algorithm, key, bytes(vector.get("msg")), bytes(vector.get("sig")));
    String result = vector.get("result").asString();
    if (!result.equals("acceptable")) {
      assertThat(verified).isEqualTo(result.equals("valid"));
    }
  }

  private static Bytes bytes(JsonNode hex) {
    return Bytes.of(HexFormat.of().parseHex(hex.asString()));
  }
}
