package dev.modelsigning;

import dev.modelsigning.bundle.Statement;
import java.util.List;

/**
 * A statement whose signature was verified.
 *
 * @param statement what was signed
 * @param signer who signed it
 * @param times the times that verification went by, the earliest first; none where the method has
 *     none and the bundle no verified time stamp
 * @param warnings what a reader of the verdict should know about the bundle
 */
public record VerifiedStatement(
    Statement statement,
    SignerIdentity signer,
    List<VerificationTime> times,
    List<String> warnings) {

  /** Copies the lists. */
  public VerifiedStatement {
    times = List.copyOf(times);
    warnings = List.copyOf(warnings);
  }
}
