package dev.modelsigning.cli.interop;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Key files written by the Python cryptography library, in every format that it supports. */
@WithPythonClient
class PythonKeysIT {

  private static final String PASSWORD = "correct horse";

  @TempDir private static Path keys;
  @TempDir private Path directory;
  private Path model;
  private Path signature;

  @BeforeAll
  static void makeKeys() throws Exception {
    Client.pythonScript("keys.py").run(keys, keys.toString()).succeeds();
  }

  @BeforeEach
  void makeModel() throws Exception {
    model = Files.createDirectory(directory.resolve("model"));
    Files.writeString(model.resolve("config.json"), "{}");
    signature = directory.resolve("model.sig");
  }

  @ParameterizedTest
  @CsvSource({
    "P-256, sec1",
    "P-256, pkcs8",
    "P-384, sec1",
    "P-384, pkcs8",
    "P-521, sec1",
    "P-521, pkcs8"
  })
  void javaSignsWithAKeyFromPython(String curve, String form) throws Exception {
    Client.java().sign(model, signature, keys.resolve(curve + "-" + form + ".pem")).succeeds();

    Client.python().verify(model, signature, keys.resolve(curve + ".pub")).succeeds();
  }

  @ParameterizedTest
  @CsvSource({"P-256, sec1", "P-256, pkcs8", "P-521, sec1", "P-521, pkcs8"})
  void javaSignsWithAnEncryptedKeyFromPython(String curve, String form) throws Exception {
    Path passwordFile = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
    Path key = keys.resolve(curve + "-" + form + "-encrypted.pem");
    Client.java()
        .sign(model, signature, key, "--password-file", passwordFile.toString())
        .succeeds();

    Client.python().verify(model, signature, keys.resolve(curve + ".pub")).succeeds();
  }

  @Test
  void javaVerifiesWhatThePythonLibrarySignsWithAnEncryptedKey() throws Exception {
    Client.pythonScript("library.py")
        .run(
            directory,
            "sign",
            model.toString(),
            signature.toString(),
            keys.resolve("P-384-pkcs8-encrypted.pem").toString(),
            "--hash=sha256",
            "--password=" + PASSWORD)
        .succeeds();

    Client.java().verify(model, signature, keys.resolve("P-384.pub")).succeeds();
  }

  /** Python hands the password on as text, where bytes are wanted. */
  @Test
  void pythonsCommandLineTakesNoPassword() throws Exception {
    Path key = keys.resolve("P-256-pkcs8-encrypted.pem");

    Client.python()
        .sign(model, signature, key, "--password", PASSWORD)
        .refuses("Signing failed with error: Cannot convert");
  }
}
