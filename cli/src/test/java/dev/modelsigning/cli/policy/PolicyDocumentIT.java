package dev.modelsigning.cli.policy;

import dev.modelsigning.cli.testing.DocumentedCommands;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/policy.md}, with what they show. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell")
class PolicyDocumentIT {

  @TempDir private Path directory;

  @Test
  void decidesByAPolicy() throws Exception {
    new DocumentedCommands("policy.md", directory).runAll();
  }
}
