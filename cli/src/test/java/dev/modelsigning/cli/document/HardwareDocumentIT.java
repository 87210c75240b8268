package dev.modelsigning.cli.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.testing.DocumentModel;
import dev.modelsigning.cli.testing.DocumentedCommands;
import dev.modelsigning.pkcs11.SoftHsm;
import dev.modelsigning.pkcs11.WithSoftHsm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/hardware.md}, on a token in software that p11-kit knows. */
@WithSoftHsm
class HardwareDocumentIT {

  @TempDir private Path directory;

  private Map<String, String> environment;

  @BeforeEach
  void makeToken() throws Exception {
    DocumentModel.write(directory);
    SoftHsm hsm =
        SoftHsm.at(Files.createDirectory(directory.resolve("hsm")).resolve("softhsm2.conf"));
    hsm.token("release").generate("EC:prime256v1", "01", "models");
    environment =
        Map.of("SOFTHSM2_CONF", hsm.configuration().toString(), "PKCS11_PIN", SoftHsm.PIN);
  }

  private DocumentedCommands page(String name) {
    return new DocumentedCommands(name, directory, "", environment);
  }

  @Test
  void signsWithAToken() throws Exception {
    page("hardware.md").runAll();
  }

  @Test
  void showsTokensInReadme() throws Exception {
    DocumentedCommands readme = page("../README.md");
    assertThat(readme.run(readme.block("hardware"))).contains("Verification succeeded");
  }
}
