package dev.modelsigning.cli.oci;

import dev.modelsigning.cli.command.WrongUsage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The group of commands about models in registries. */
@Command(
    name = "oci",
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Push models to OCI registries, and list what refers to them there.",
      "'sign' and 'verify' take a model in a registry as oci://HOST/REPOSITORY:TAG."
    },
    footer = {
      "",
      "Example:",
      "  model-signing oci push my-model oci://registry.example/my-model:1"
    })
final class OciGroup implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new WrongUsage(
        spec, "no command given; name one of: " + String.join(", ", spec.subcommands().keySet()));
  }
}
