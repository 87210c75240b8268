package dev.modelsigning.cli.policy;

import dev.modelsigning.cli.command.WrongUsage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The group of commands about policies themselves. */
@Command(
    name = "policy",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Check policies for models, and import those of others.",
      "'model-signing verify policy' verifies models by one."
    },
    footer = {"", "Example:", "  model-signing policy lint policy.yaml"})
final class PolicyGroup implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new WrongUsage(
        spec, "no command given; name one of: " + String.join(", ", spec.subcommands().keySet()));
  }
}
