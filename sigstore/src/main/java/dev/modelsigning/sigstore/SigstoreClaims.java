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
 * What a keyless bundle says of itself, for those who show it. It is read and not verified: anybody
 * can have written it. {@link SigstoreVerifier} says whether it is true.
 *
 * @param signer who is said to have signed
 * @param logEntries the entries of transparency logs that it is said to have
 */
public record SigstoreClaims(KeylessIdentity signer, List<ClaimedEntry> logEntries) {

  /** Names of logs in checkpoints are short. */
  private static final int MAX_ORIGIN = 200;

  /** Copies the list. */
  public SigstoreClaims {
    logEntries = List.copyOf(logEntries);
  }

  /**
   * An entry of a log, as it says of itself.
   *
   * @param index the number of the entry in its log
   * @param time when the log is said to have taken it; empty if it does not say
   * @param origin which log it is said to be
   */
  public record ClaimedEntry(long index, Optional<Instant> time, String origin) {}

  /**
   * Reads a bundle.
   *
   * @throws MalformedBundleException if a log entry is not one
   * @throws VerificationException if it cannot be a keyless bundle, whoever is trusted
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
