package dev.modelsigning.inspection;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.VerificationException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a keyless bundle says of itself.
 *
 * @param signer who is said to have signed
 * @param logEntries the entries of transparency logs that it is said to have
 */
public record KeylessClaims(KeylessIdentity signer, List<LogEntry> logEntries) {

  /** Copies the list. */
  public KeylessClaims {
    logEntries = List.copyOf(logEntries);
  }

  /**
   * An entry of a log, as it says of itself.
   *
   * @param index the number of the entry in its log
   * @param time when the log is said to have taken it; empty if it does not say
   * @param origin which log it is said to be
   */
  public record LogEntry(long index, Optional<Instant> time, String origin) {}

  /** Reads keyless bundles: the method {@code sigstore} is another module, which this is not. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads a bundle.
     *
     * @throws MalformedBundleException if a log entry is not one
     * @throws VerificationException if it cannot be a keyless bundle, whoever is trusted
     */
    KeylessClaims read(Bundle bundle) throws MalformedBundleException, VerificationException;

    /** For who has no use for keyless bundles: their certificates and the number of entries. */
    Reader NONE =
        bundle -> {
          throw new MalformedBundleException("nobody here reads log entries");
        };
  }
}
