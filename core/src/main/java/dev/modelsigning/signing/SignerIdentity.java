package dev.modelsigning.signing;

/**
 * The signer, as identified by the signing method. Each method has its own fields, so that no field
 * has two meanings: the issuer of a certificate and the provider of an identity are different
 * fields.
 */
public sealed interface SignerIdentity
    permits KeyIdentity, CertificateIdentity, KeylessIdentity, OtherIdentity {

  /**
   * The signing method (OMS 4.1): {@code key}, {@code certificate}, {@code sigstore} or another.
   */
  String method();

  /** The name of the signer in one line. */
  String name();
}
