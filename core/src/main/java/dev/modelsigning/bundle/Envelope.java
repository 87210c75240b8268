package dev.modelsigning.bundle;

/**
 * A DSSE envelope (DSSE v1.0) with exactly one signature, as OMS and Sigstore demand (OMS 6.7). It
 * is only a container: {@code dev.modelsigning.signingkey.EnvelopeSignature} verifies the
 * signature.
 *
 * @param payload what was signed
 * @param signature the signature over the {@linkplain Payload#pae() encoding} of the payload, not
 *     empty
 */
public record Envelope(Payload payload, Bytes signature) {

  /** Checks that the signature is not empty. */
  public Envelope {
    if (signature.length() == 0) {
      throw new IllegalArgumentException("the signature must not be empty");
    }
  }
}
