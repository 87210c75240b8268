package dev.modelsigning.cli.document;

import dev.modelsigning.cli.testing.DocumentModel;
import dev.modelsigning.cli.testing.DocumentedCommands;
import dev.modelsigning.kms.vault.TransitServer;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.OnOneJdk;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/key-services.md}, with a server that answers as Vault does. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell")
@OnOneJdk
class KeyServicesDocumentIT {

  @TempDir private Path directory;

  @Test
  void signsWithAKeyInAService() throws Exception {
    DocumentModel.write(directory);
    try (TransitServer server = new TransitServer()) {
      server.rotate("models", EcdsaScheme.P256);
      new DocumentedCommands("key-services.md", directory, "", server.environment()).runAll();
    }
  }
}
