package dev.modelsigning.cli.pkcs11;

import dev.modelsigning.cli.command.WrongUsage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The group of commands for hardware tokens. */
@Command(
    name = "pkcs11",
    synopsisSubcommandLabel = "COMMAND",
    description = "Look at hardware tokens (PKCS #11).",
    footer = {
      "",
      "Examples:",
      "  model-signing pkcs11 list",
      "  model-signing pkcs11 public-key \\",
      "      --pkcs11-uri 'pkcs11:token=release;id=%%01' > key.pub"
    })
final class Pkcs11Command implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new WrongUsage(
        spec, "no command given; name one of: " + String.join(", ", spec.subcommands().keySet()));
  }
}
