package dev.modelsigning.sigstore;

import dev.modelsigning.signing.PayloadEncoding;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import java.util.List;

/**
 * A signature that was verified, over a payload that was not interpreted.
 *
 * @param encoding the encoding of the payload that it covers
 * @param signer the signer
 * @param times the times at which it is known to have existed, the earliest first
 */
record VerifiedSignature(
    PayloadEncoding encoding, SignerIdentity signer, List<VerificationTime> times) {

  VerifiedSignature {
    times = List.copyOf(times);
  }
}
