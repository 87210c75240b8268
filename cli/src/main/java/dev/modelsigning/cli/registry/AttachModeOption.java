package dev.modelsigning.cli.registry;

import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.oci.reference.AttachMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How what refers to a model in a registry is found there. */
public final class AttachModeOption {

  @Option(
      names = "--attach",
      paramLabel = "HOW",
      description =
          "How a signature of a model in a registry is found there: 'referrers' by the registry's"
              + " API, 'tag' by the tag sha256-DIGEST, or 'auto', the default: by the API if there is"
              + " one, otherwise by the tag.")
  private @Nullable String attach;

  /** Whether it was given. */
  boolean isGiven() {
    return attach != null;
  }

  /** How to attach; another word is wrong usage. */
  public AttachMode mode(CommandSpec command) {
    return switch (attach == null ? "auto" : attach.toLowerCase(Locale.ROOT)) {
      case "auto" -> AttachMode.AUTO;
      case "referrers" -> AttachMode.REFERRERS;
      case "tag" -> AttachMode.TAG;
      default -> throw new WrongUsage(command, "--attach: expected auto, referrers or tag");
    };
  }
}
