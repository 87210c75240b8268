package dev.modelsigning.inspection;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.VerificationException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The unverified claims of a keyless bundle.
 *
 * @param signer the claimed signer
 * @param logEntries the claimed transparency log entries
 */
public record KeylessClaims(KeylessIdentity signer, List<LogEntry> logEntries) {

  /** Copies the list. */
  public KeylessClaims {
    logEntries = List.copyOf(logEntries);
  }

  /**
   * The claims of a log entry.
   *
   * @param index the number of the entry in its log
   * @param time the claimed time of integration into the log; empty if there is none
   * @param origin the claimed log
   */
  public record LogEntry(long index, Optional<Instant> time, String origin) {}

  /**
   * Reads keyless bundles: the method {@code sigstore} is in another module, on which this one does
   * not depend.
   */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads a bundle.
     *
     * @throws MalformedBundleException if a log entry is malformed
     * @throws VerificationException if it cannot be a keyless bundle under any trusted root
     */
    KeylessClaims read(Bundle bundle) throws MalformedBundleException, VerificationException;

    /**
     * A reader for programs without support for keyless bundles: certificates and the number of log
     * entries.
     */
    Reader NONE =
        bundle -> {
          throw new MalformedBundleException("nobody here reads log entries");
        };
  }
}
