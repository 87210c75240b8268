package dev.modelsigning.pkcs11;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.pkcs11.internal.token.TokenAccess;
import dev.modelsigning.testing.GoldenStatement;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestKeys;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A signature with a token is over the same bytes as with keys in files. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "takes not all names of POSIX")
class GoldenStatementsTest {

  private static final Pkcs11Uri URI = Pkcs11Uri.parse("pkcs11:object=models");

  @TempDir private Path directory;

  private static TokenAccess access(TestKeys keys) {
    return new FakeCryptoki()
        .withPair(keys, 1, "models")
        .access(request -> FakeCryptoki.PIN.toCharArray(), warning -> {});
  }

  private void signs(GoldenStatement statement, TokenSigner signer) throws Exception {
    Path model = statement.writeModel(directory);
    Path signature = statement.signature(model);
    ModelSigner.using(signer).withHasher(statement.hasher()).sign(model, signature);
    statement.assertIsIn(signature);
  }

  @ParameterizedTest
  @EnumSource
  void keysSignTheseStatements(GoldenStatement statement) throws Exception {
    try (TokenSigner signer = TokenSigner.open(URI, access(TestKeys.generate()))) {
      signs(statement, signer);
    }
  }

  @ParameterizedTest
  @EnumSource
  void certificatesSignTheseStatements(GoldenStatement statement) throws Exception {
    TestKeys keys = TestKeys.generate();
    TestCertificate leaf =
        TestCertificate.named("CN=Signer")
            .keys(new KeyPair(keys.publicKey(), keys.privateKey()))
            .signer()
            .issuedBy(TestCertificate.root("CN=Root"));
    Path file = TestCertificate.write(directory.resolve("signer.pem"), leaf);
    try (TokenSigner signer = TokenSigner.openWithCertificate(URI, access(keys), file, List.of())) {
      signs(statement, signer);
    }
  }
}
