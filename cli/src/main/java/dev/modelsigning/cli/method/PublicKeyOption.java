package dev.modelsigning.cli.method;

import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.keys.BeyondOms;
import dev.modelsigning.internal.keyfile.PublicKeyFile;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The public key that verifies a signature with a private key. */
final class PublicKeyOption {

  private PublicKeyOption() {}

  /** Adds the public key, if it is in this file. */
  static void add(Optional<Path> file, SignerIdentity signer, ShellCommand command) {
    if (file.isPresent() && holds(file.get(), signer)) {
      command.option("--public-key", file.get());
    } else {
      command.option("--public-key", "PUBLIC_KEY");
    }
    if (BeyondOms.isNeededFor(signer)) {
      command.option("--beyond-oms");
    }
  }

  private static boolean holds(Path file, SignerIdentity signer) {
    try {
      return Files.isRegularFile(file)
          && PublicKeyFile.readAny(file).fingerprint().equals(signer.name());
    } catch (IOException | UnusableTrustException e) {
      // The file contains something else.
      return false;
    }
  }
}
