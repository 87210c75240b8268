package dev.modelsigning.sigstore;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.internal.http.ServiceClient;
import dev.modelsigning.testing.GoldenStatement;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A keyless signature is over the same bytes as those of the other methods. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "takes not all names of POSIX")
class GoldenStatementsTest {

  @TempDir private Path directory;
  private TestServices services;

  @BeforeEach
  void start() throws Exception {
    services = new TestServices();
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private void signs(GoldenStatement statement, int version) throws Exception {
    String token = TestServices.token();
    SigstoreSigner signer =
        SigstoreSigner.using(services.config(), () -> IdentityToken.parse(token))
            .withRekorVersion(version)
            .withClient(ServiceClient.with(Duration.ofSeconds(30), Duration.ofMillis(5)));
    Path model = statement.writeModel(directory);
    Path signature = statement.signature(model);
    ModelSigner.using(signer).withHasher(statement.hasher()).sign(model, signature);
    statement.assertIsIn(signature);
  }

  @ParameterizedTest
  @EnumSource
  void signsTheseStatementsWithTheFirstLog(GoldenStatement statement) throws Exception {
    signs(statement, 1);
  }

  @ParameterizedTest
  @EnumSource
  void signsTheseStatementsWithTheSecondLog(GoldenStatement statement) throws Exception {
    signs(statement, 2);
  }
}
