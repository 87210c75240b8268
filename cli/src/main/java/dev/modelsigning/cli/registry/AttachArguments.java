package dev.modelsigning.cli.registry;

import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.oci.AttachMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How a signature is attached to a model in a registry. */
public final class AttachArguments {

  @Option(
      names = "--attach",
      paramLabel = "HOW",
      description =
          "How a signature of a model in a registry is found there: 'referrers' by the registry's"
              + " API, 'tag' by the tag sha256-DIGEST, or 'auto', the default: by the API if there is"
              + " one, otherwise by the tag.")
  private @Nullable String attach;

  @Option(
      names = "--no-image-statement",
      description =
          "Attach the model's signature alone. Default: also a statement about the digest of the"
              + " manifest in the registry, which 'cosign verify' reads.")
  private boolean noImageStatement;

  /** Refuses these options for a model that is not in a registry. */
  public void requireUsage(CommandSpec command, boolean inRegistry) {
    if (!inRegistry && (attach != null || noImageStatement)) {
      throw new WrongUsage(
          command,
          (attach != null ? "--attach" : "--no-image-statement")
              + " is for models in a registry, oci://HOST/REPOSITORY:TAG");
    }
    mode(command);
  }

  /** How to attach. */
  public AttachMode mode(CommandSpec command) {
    return switch (attach == null ? "auto" : attach.toLowerCase(Locale.ROOT)) {
      case "auto" -> AttachMode.AUTO;
      case "referrers" -> AttachMode.REFERRERS;
      case "tag" -> AttachMode.TAG;
      default -> throw new WrongUsage(command, "--attach: expected auto, referrers or tag");
    };
  }

  /** Whether a statement about the manifest is signed, too. */
  public boolean withImageStatement() {
    return !noImageStatement;
  }
}
