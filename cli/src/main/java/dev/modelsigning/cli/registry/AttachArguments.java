package dev.modelsigning.cli.registry;

import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.oci.reference.AttachMode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How a signature is attached to a model in a registry. */
public final class AttachArguments {

  @Mixin private AttachModeOption attach = new AttachModeOption();

  @Option(
      names = "--no-image-statement",
      description =
          "Attach the model's signature alone. Default: also a statement about the digest of the"
              + " manifest in the registry, which 'cosign verify' reads.")
  private boolean noImageStatement;

  /** Refuses these options for a model that is not in a registry. */
  public void requireUsage(CommandSpec command, boolean inRegistry) {
    if (!inRegistry && (attach.isGiven() || noImageStatement)) {
      throw new WrongUsage(
          command,
          (attach.isGiven() ? "--attach" : "--no-image-statement")
              + " is for models in a registry, oci://HOST/REPOSITORY:TAG");
    }
    mode(command);
  }

  /** How to attach. */
  public AttachMode mode(CommandSpec command) {
    return attach.mode(command);
  }

  /** Whether a statement about the manifest is signed, too. */
  public boolean withImageStatement() {
    return !noImageStatement;
  }
}
