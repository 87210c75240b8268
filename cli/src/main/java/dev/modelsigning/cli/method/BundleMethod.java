package dev.modelsigning.cli.method;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.PublicKeyIdentifier;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.ShellCommand;
import java.util.Optional;

/**
 * The method of a bundle according to its form: a hint for users who tried another one, and never a
 * decision.
 */
public enum BundleMethod {
  KEY,
  CERTIFICATE,
  SIGSTORE;

  /** Returns the method of bundles of this form. */
  public static BundleMethod of(Bundle bundle) {
    if (bundle.verificationMaterial() instanceof PublicKeyIdentifier) {
      return KEY;
    }
    return bundle.tlogEntries().isEmpty() ? CERTIFICATE : SIGSTORE;
  }

  /**
   * The command that verifies such a bundle. Values that only the user knows are placeholders in
   * capitals.
   */
  public ShellCommand command(Place model, Optional<Place> signature) {
    return switch (this) {
      case KEY -> start("verify key", model, signature).option("--public-key", "PUBLIC_KEY");
      case CERTIFICATE ->
          start("verify certificate", model, signature)
              .option("--certificate-chain", "TRUSTED_CERTIFICATES")
              .option("--certificate-identity", "NAME");
      case SIGSTORE ->
          start("verify sigstore", model, signature)
              .option("--identity", "NAME")
              .option("--identity-provider", "URL");
    };
  }

  private static ShellCommand start(String command, Place model, Optional<Place> signature) {
    ShellCommand line = ShellCommand.of(command).place(model);
    signature.ifPresent(it -> line.option("--signature").place(it));
    return line;
  }

  /** The method in words. */
  @Override
  public String toString() {
    return switch (this) {
      case KEY -> "a bare key";
      case CERTIFICATE -> "a certificate";
      case SIGSTORE -> "Sigstore";
    };
  }
}
