package dev.modelsigning.cli.policy;

import dev.modelsigning.cli.testing.DocumentModel;
import dev.modelsigning.cli.testing.DocumentedCommands;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the pages about policies, with what they show. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell")
class PolicyDocumentIT {

  @TempDir private Path directory;

  @Test
  void decidesByAPolicy() throws Exception {
    new DocumentedCommands("policy.md", directory).runAll();
  }

  @Test
  void goesFromSandboxToProduction() throws Exception {
    try (TestTimestampAuthority.Server server = DocumentModel.serveTimestamps(directory)) {
      new DocumentedCommands("four-policies.md", directory).runAll(DocumentModel.asking(server));
    }
  }

  @Test
  void takesPoliciesFromElsewhere() throws Exception {
    new DocumentedCommands("policy-from-others.md", directory).runAll();
  }
}
