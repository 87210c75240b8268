package dev.modelsigning.policy.result;

import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import java.util.List;
import java.util.Optional;

/**
 * A signature file that was looked at.
 *
 * @param file where it is: a path, or the URI of a signature in a registry
 * @param sha256 SHA-256 of the file, in lower-case hexadecimal; empty if it could not be read
 * @param signers the names of the signers in the policy whose signature it is; empty if nobody in
 *     the policy signed it, or it is not a valid signature
 * @param signer the verified signer; empty if there is none
 * @param times the times that were used, the earliest first
 * @param counts whether it counts for the model
 * @param why why it does not count; empty if it does
 */
public record CheckedSignature(
    String file,
    String sha256,
    List<String> signers,
    Optional<SignerIdentity> signer,
    List<VerificationTime> times,
    boolean counts,
    String why) {

  /** Copies the lists. */
  public CheckedSignature {
    signers = List.copyOf(signers);
    times = List.copyOf(times);
  }
}
