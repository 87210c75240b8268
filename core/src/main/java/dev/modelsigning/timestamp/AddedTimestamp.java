package dev.modelsigning.timestamp;

import dev.modelsigning.finding.Finding;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A time stamp that was added to a signature.
 *
 * @param file the file that was written: the signature, or the one beside it
 * @param stamp the time and the authority, as the time stamp states them
 * @param verified whether a certificate of the authority was trusted
 * @param provedUntil until when the time stamps of the signature prove its time; empty if this was
 *     not verified
 * @param findings warnings about this time stamp, and others of the signature
 */
public record AddedTimestamp(
    Path file,
    ClaimedTimestamp stamp,
    boolean verified,
    Optional<Instant> provedUntil,
    List<Finding> findings) {

  /** Copies the list. */
  public AddedTimestamp {
    findings = List.copyOf(findings);
  }
}
