package dev.modelsigning.cli.serve;

import dev.modelsigning.cli.command.WrongUsage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The group of servers. */
@Command(
    name = "serve",
    synopsisSubcommandLabel = "COMMAND",
    description = "Answer others whether models may be used.",
    footer = {
      "",
      "Example:",
      "  model-signing serve admission --policy policy.yaml \\",
      "      --tls-cert tls.crt --tls-key tls.key --listen 0.0.0.0:8443 \\",
      "      --registry registry.bank.example"
    })
final class ServeGroup implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new WrongUsage(
        spec, "no command given; name one of: " + String.join(", ", spec.subcommands().keySet()));
  }
}
