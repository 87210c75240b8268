package dev.modelsigning.cli.interop.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.interop.Client;
import dev.modelsigning.cli.interop.KeyPair;
import dev.modelsigning.cli.interop.WithPythonClient;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Claims change nothing for who verifies the model with the Python client. */
@WithPythonClient
class PythonClaimsIT {

  private static final PredicateSample RESULT = PredicateSample.TEST_RESULT;

  @TempDir private Path directory;

  private AttestedModel model;
  private KeyPair keys;

  @BeforeEach
  void makeModel() throws Exception {
    model = AttestedModel.in(directory);
    keys = KeyPair.generate(directory, "P-256");
  }

  private Client.Outcome attest(String... options) throws Exception {
    String[] all = new String[options.length + 2];
    all[0] = "--private-key";
    all[1] = keys.privateKey().toString();
    System.arraycopy(options, 0, all, 2, options.length);
    return model.attest(Client.java(), "key", RESULT, all);
  }

  private Client.Outcome verify() throws Exception {
    return Client.python().verify(model.path(), model.signature(), keys.publicKey());
  }

  @Test
  void verifiesTheModelWithClaimsBesideIt() throws Exception {
    Client.python().sign(model.path(), model.signature(), keys.privateKey()).succeeds();
    attest().succeeds();
    assertThat(model.claims()).isRegularFile();

    verify().succeeds();
    model
        .verify("key", RESULT.type(), "--public-key", keys.publicKey().toString())
        .endsWith(0, "with 1 attestation");
  }

  @Test
  void verifiesTheModelWithClaimsInItThatTheSignatureIgnores() throws Exception {
    Path inside = model.path().resolve("claims.jsonl");
    Client.python()
        .sign(
            model.path(), model.signature(), keys.privateKey(), "--ignore-paths", inside.toString())
        .succeeds();
    attest("--claims", inside.toString()).succeeds();
    assertThat(inside).isRegularFile();

    verify().succeeds();
    model
        .verify(
            "key",
            RESULT.type(),
            "--public-key",
            keys.publicKey().toString(),
            "--claims",
            inside.toString())
        .endsWith(0, "with 1 attestation");
  }

  @Test
  void claimsInTheModelThatTheSignatureDoesNotIgnoreAreAnUnsignedFileForBoth() throws Exception {
    Path inside = model.path().resolve("claims.jsonl");
    Client.java().sign(model.path(), model.signature(), keys.privateKey()).succeeds();
    attest("--claims", inside.toString()).refuses("--ignore-paths claims.jsonl");
    assertThat(inside).doesNotExist();
    verify().succeeds();

    attest().succeeds();
    Files.copy(model.claims(), inside);
    verify().refuses("");
    Client.java()
        .verify(model.path(), model.signature(), keys.publicKey())
        .refuses("not signed (1):");
  }
}
