package dev.modelsigning.sigstore;

import dev.modelsigning.SignerIdentity;
import dev.modelsigning.VerificationTime;
import java.util.List;

/**
 * A signature that was verified, over a payload that was not looked at.
 *
 * @param signer who signed
 * @param times when it is known to have existed, the earliest first
 */
record VerifiedSignature(SignerIdentity signer, List<VerificationTime> times) {

  VerifiedSignature {
    times = List.copyOf(times);
  }
}
