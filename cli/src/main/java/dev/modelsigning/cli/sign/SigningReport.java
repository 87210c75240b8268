package dev.modelsigning.cli.sign;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.internal.keyfile.PublicKeyFile;
import dev.modelsigning.report.Facts;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.timestamp.ClaimedTimestamp;
import dev.modelsigning.timestamp.UntrustedTimestampException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What there is to say about a signature that was just made: when, and by what key. */
final class SigningReport {

  private SigningReport() {}

  /** Adds the public key, if it is in this file. */
  static void addKey(Optional<Path> file, SignerIdentity signer, ShellCommand command) {
    if (file.isPresent() && holds(file.get(), signer)) {
      command.option("--public-key", file.get());
    } else {
      command.option("--public-key", "PUBLIC_KEY");
    }
  }

  private static boolean holds(Path file, SignerIdentity signer) {
    try {
      return Files.isRegularFile(file)
          && PublicKeyFile.read(file).fingerprint().equals(signer.name());
    } catch (IOException | UnusableTrustException e) {
      // What is there is something else.
      return false;
    }
  }

  /**
   * Adds when others saw the signature: what was verified, and else what the time stamps say, which
   * were checked when they came, though not by whom they are.
   */
  static void addTimes(SignedPayload signed, Facts facts) {
    facts.addTimes(signed.times());
    boolean verified =
        signed.times().stream()
            .anyMatch(time -> time.source() == VerificationTime.Source.TIMESTAMP);
    if (verified) {
      return;
    }
    List<String> stamps = new ArrayList<>();
    for (Bytes stamp : signed.bundle().rfc3161Timestamps()) {
      try {
        stamps.add(ClaimedTimestamp.read(stamp) + " (nobody said whether to trust it)");
      } catch (UntrustedTimestampException e) {
        stamps.add("cannot be read: " + e.getMessage());
      }
    }
    facts.addList("time stamp", stamps);
  }
}
