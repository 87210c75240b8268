package dev.modelsigning.cli.registry;

import dev.modelsigning.cli.command.Place;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Where a model is in a registry, its signature is found there, and need not be named. */
public final class OptionalSignature {

  private OptionalSignature() {}

  /**
   * Makes the signature optional if the command line names something in a registry. Otherwise it
   * remains required, and is shown as such in the usage.
   */
  public static void relax(CommandLine tree, String[] args) {
    boolean inRegistry = false;
    for (String arg : args) {
      inRegistry |= Place.isInRegistry(arg);
    }
    if (inRegistry) {
      relax(tree);
    }
  }

  private static void relax(CommandLine command) {
    CommandSpec method = command.getCommandSpec();
    OptionSpec signature = method.findOption("--signature");
    if (signature != null && signature.required()) {
      method.remove(signature);
      method.add(OptionSpec.builder(signature).required(false).build());
    }
    command.getSubcommands().values().forEach(OptionalSignature::relax);
  }
}
