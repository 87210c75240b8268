package dev.modelsigning.signing;

/**
 * Who signed, as far as the method can tell. Each method has its own fields, so that no field means
 * two things: who issued a certificate is one, who vouches for an identity another.
 */
public sealed interface SignerIdentity
    permits KeyIdentity, CertificateIdentity, KeylessIdentity, OtherIdentity {

  /**
   * The signing method (OMS 4.1): {@code key}, {@code certificate}, {@code sigstore} or another.
   */
  String method();

  /** What names the signer in one line. */
  String name();
}
