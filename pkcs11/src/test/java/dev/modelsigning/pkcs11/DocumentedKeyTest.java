package dev.modelsigning.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.DocumentedCode;
import dev.modelsigning.testing.Models;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code in the documentation of the package does what it says, on a token in software. */
@WithSoftHsm
class DocumentedKeyTest {

  @TempDir private Path directory;

  @Test
  void signsWithTheKeyOnTheTokenAndVerifiesWithItsPublicKey() throws Exception {
    SoftHsm hsm = SoftHsm.at(directory.resolve("softhsm2.conf"));
    hsm.token("release").generate("EC:prime256v1", "01", "models");
    String der = directory.resolve("key.der").toString();
    hsm.run(
        "pkcs11-tool",
        "--module",
        SoftHsm.module().toString(),
        "--read-object",
        "--type",
        "pubkey",
        "--id",
        "01",
        "--output-file",
        der);
    hsm.run(
        "openssl",
        "pkey",
        "-pubin",
        "-inform",
        "DER",
        "-in",
        der,
        "-out",
        directory.resolve("key.pub").toString());
    Models.write(directory.resolve("my-model"), "a", "alpha");

    List<DocumentedCode> ofPackage =
        DocumentedCodeTest.all().stream()
            .filter(code -> code.isOfPackage("dev.modelsigning.pkcs11"))
            .toList();
    assertThat(ofPackage).hasSize(2);
    for (DocumentedCode code : ofPackage) {
      code.run(directory, Map.of("SOFTHSM2_CONF", hsm.configuration().toString()));
      assertThat(directory.resolve("model.sig")).exists();
    }
  }
}
