package dev.modelsigning.vectors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.GoldenStatement;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPublicKey;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The same model and key result in the same bundle, byte for byte, in all versions of the code.
 * Signatures are made according to RFC 6979 here, so that they can be equal; payloads always are.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "takes not all names of POSIX")
class GoldenBundlesTest {

  private final KeysForTests keys = new KeysForTests();

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void keysSignTheseStatements(GoldenStatement statement) throws Exception {
    Path model = statement.writeModel(directory);
    Path signature = statement.signature(model);
    ModelSigner.using(KeySigner.using(KeyVectors.signingKey(KeyVectors.keys(keys))))
        .withHasher(statement.hasher())
        .sign(model, signature);
    statement.assertIsIn(signature);
    assertIs("key-" + statement, signature);
  }

  @ParameterizedTest
  @CsvSource({"1, p384", "2, p521"})
  void keysOnOtherCurvesMakeTheseBundles(int curve, String name) throws Exception {
    GoldenStatement statement = GoldenStatement.FILES_SHA256;
    Path model = statement.writeModel(directory);
    Path signature = statement.signature(model);
    TestKeys signer = keys.signer("golden-" + name, EcdsaScheme.values().get(curve));
    ModelSigner.using(KeySigner.using(KeyVectors.signingKey(signer))).sign(model, signature);
    assertIs("key-" + name, signature);
  }

  @ParameterizedTest
  @EnumSource
  void certificatesSignTheseStatements(GoldenStatement statement) throws Exception {
    TestCertificate middle = CertificateVectors.middle(keys);
    TestCertificate leaf =
        CertificateVectors.plan(keys, "CN=Signer", "signer").signer().issuedBy(middle);
    TestKeys signer =
        new TestKeys(
            EcdsaScheme.P256, leaf.keys().getPrivate(), (ECPublicKey) leaf.keys().getPublic());
    Path model = statement.writeModel(directory);
    Path signature = statement.signature(model);
    ModelSigner.using(
            CertificateSigner.using(
                KeyVectors.signingKey(signer), List.of(leaf.certificate(), middle.certificate())))
        .withHasher(statement.hasher())
        .sign(model, signature);
    statement.assertIsIn(signature);
    assertIs("certificate-" + statement, signature);
  }

  private static void assertIs(String name, Path signature) throws Exception {
    assertThat(Files.readString(signature))
        .isEqualTo(GoldenStatement.resource(name + ".sigstore.json"));
  }
}
