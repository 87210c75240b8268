package dev.modelsigning.cli.timestamp;

import dev.modelsigning.cli.command.WrongUsage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The group of commands for time stamps. */
@Command(
    name = "timestamp",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Prolong what a signature proves, with time stamps (RFC 3161) that are added later.",
      "'sign' has time stamps of its own, with --tsa-url."
    },
    footer = {
      "",
      "Example:",
      "  model-signing timestamp add model.sig --tsa-url https://tsa.example"
    })
final class TimestampGroup implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new WrongUsage(
        spec, "no command given; name one of: " + String.join(", ", spec.subcommands().keySet()));
  }
}
