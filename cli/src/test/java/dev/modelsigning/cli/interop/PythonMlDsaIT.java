package dev.modelsigning.cli.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * ML-DSA with Python's cryptography library, both ways; and what the Python client, which does not
 * know it, makes of a model with two signatures.
 */
@WithPythonClient
class PythonMlDsaIT {

  @TempDir private static Path keys;
  @TempDir private Path directory;
  private Path model;
  private Path first;
  private Path second;
  private KeyPair oms;

  @BeforeAll
  static void makeKeys() throws Exception {
    Client.pythonScript("mldsa.py").run(keys, "keys", keys.toString()).succeeds();
  }

  @BeforeEach
  void makeModel() throws Exception {
    model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    first = directory.resolve("model.sig");
    second = directory.resolve("model.mldsa.sig");
    oms = KeyPair.generate(directory, "P-256");
  }

  private static Path privateKey(String name) {
    return keys.resolve(name + ".pem");
  }

  private static Path publicKey(String name) {
    return keys.resolve(name + ".pub");
  }

  private void signTwice(String name, Path signature) throws Exception {
    Client.java()
        .sign(
            model,
            signature,
            oms.privateKey(),
            "--also",
            privateKey(name).toString(),
            "--beyond-oms")
        .succeeds();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ML-DSA-44", "ML-DSA-65", "ML-DSA-87"})
  void pythonVerifiesWhatJavaSignsWithAKeyFromPython(String name) throws Exception {
    signTwice(name, first);

    Client.pythonScript("mldsa.py")
        .run(directory, "verify", publicKey(name).toString(), second.toString())
        .succeeds();
    Client.pythonScript("mldsa.py")
        .run(
            directory,
            "verify",
            publicKey(name.equals("ML-DSA-44") ? "ML-DSA-65" : "ML-DSA-44").toString(),
            second.toString())
        .refuses("the signature is not valid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ML-DSA-44", "ML-DSA-65", "ML-DSA-87"})
  void javaVerifiesWhatPythonSigns(String name) throws Exception {
    Client.java().sign(model, first, oms.privateKey()).succeeds();
    String fingerprint =
        Client.java()
            .run(directory, "fingerprint", publicKey(name).toString())
            .succeeds()
            .output()
            .strip();
    Client.pythonScript("mldsa.py")
        .run(
            directory,
            "sign",
            privateKey(name).toString(),
            first.toString(),
            second.toString(),
            fingerprint)
        .succeeds();

    assertThat(
            Client.java()
                .verify(model, second, publicKey(name), "--beyond-oms")
                .succeeds()
                .output())
        .contains(name, "not one of OMS v1.0");
    Client.java().verify(model, second, publicKey(name)).refuses("--beyond-oms");
  }

  /** It verifies the signature of OMS as always, beside the model and in it. */
  @ParameterizedTest
  @ValueSource(strings = {"model.sig", "model/model.sig"})
  void pythonsClientVerifiesTheOneOfOmsAndRefusesTheOther(String place) throws Exception {
    Path signature = directory.resolve(place);
    signTwice("ML-DSA-65", signature);
    Path other = signature.resolveSibling("model.mldsa.sig");

    Client.python().verify(model, signature, oms.publicKey()).succeeds();
    Client.java().verify(model, signature, oms.publicKey()).succeeds();
    Client.java().verify(model, other, publicKey("ML-DSA-65"), "--beyond-oms").succeeds();
    Client.python().verify(model, other, oms.publicKey()).refuses("Verification failed");
    Client.python().verify(model, other, publicKey("ML-DSA-65")).refuses("Verification failed");
  }
}
