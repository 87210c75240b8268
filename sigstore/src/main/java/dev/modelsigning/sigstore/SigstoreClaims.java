package dev.modelsigning.sigstore;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.TransparencyLogEntry;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.KeylessIdentity.LogPosition;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.sigstore.internal.log.LogEntry;
import dev.modelsigning.sigstore.internal.trust.SigningCertificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The claims of a keyless bundle, for display. They are read and not verified: anybody can have
 * written them. {@link SigstoreVerifier} verifies them.
 *
 * @param signer the claimed signer
 * @param logEntries the claimed transparency log entries
 */
public record SigstoreClaims(KeylessIdentity signer, List<ClaimedEntry> logEntries) {

  /** The limit for names of logs in checkpoints, which are short. */
  private static final int MAX_ORIGIN = 200;

  /** Copies the list. */
  public SigstoreClaims {
    logEntries = List.copyOf(logEntries);
  }

  /**
   * The claims of a log entry.
   *
   * @param index the number of the entry in its log
   * @param time the claimed time of integration into the log; empty if there is none
   * @param origin the claimed log
   */
  public record ClaimedEntry(long index, Optional<Instant> time, String origin) {}

  /**
   * Reads a bundle.
   *
   * @throws MalformedBundleException if a log entry is malformed
   * @throws VerificationException if it cannot be a keyless bundle under any trusted root
   */
  public static SigstoreClaims read(Bundle bundle)
      throws MalformedBundleException, VerificationException {
    SigstoreVerifier.requireKeyless(bundle);
    SigningCertificate certificate = SigningCertificate.of(bundle.verificationMaterial());
    List<ClaimedEntry> entries = new ArrayList<>();
    for (TransparencyLogEntry json : bundle.tlogEntries()) {
      LogEntry entry = LogEntry.parse(json);
      entries.add(
          new ClaimedEntry(
              entry.logIndex(),
              entry.integratedTime() == 0
                  ? Optional.empty()
                  : Optional.of(Instant.ofEpochSecond(entry.integratedTime())),
              origin(entry.proof().checkpoint())));
    }
    return new SigstoreClaims(
        new KeylessIdentity(
            certificate.identity(),
            certificate.issuer(),
            certificate.summary(),
            entries.stream().map(each -> new LogPosition(each.index(), each.origin())).toList()),
        entries);
  }

  /** The first line of a checkpoint. */
  private static String origin(String checkpoint) {
    String line = checkpoint.lines().findFirst().orElse("");
    return line.length() <= MAX_ORIGIN ? line : line.substring(0, MAX_ORIGIN) + "...";
  }
}
