package dev.modelsigning.sigstore.internal.message;

import java.util.Optional;

/**
 * The kinds of keys with which logs sign and that are supported, by their names in Sigstore's
 * {@code PublicKeyDetails}, in which there are more.
 */
public enum PublicKeyDetails {
  /** RSA in the form of PKCS #1. */
  PKCS1_RSA_PKCS1V5(1),
  /** ECDSA on P-256. */
  PKIX_ECDSA_P256_SHA_256(5),
  /** Ed25519 without a hash before it. */
  PKIX_ED25519(7),
  /** RSA with 2048 bits. */
  PKIX_RSA_PKCS1V15_2048_SHA256(9),
  /** RSA with 3072 bits. */
  PKIX_RSA_PKCS1V15_3072_SHA256(10),
  /** RSA with 4096 bits. */
  PKIX_RSA_PKCS1V15_4096_SHA256(11),
  /** ECDSA on P-384. */
  PKIX_ECDSA_P384_SHA_384(12),
  /** ECDSA on P-521. */
  PKIX_ECDSA_P521_SHA_512(13);

  private final int number;

  PublicKeyDetails(int number) {
    this.number = number;
  }

  static Optional<PublicKeyDetails> of(EnumText text) {
    for (PublicKeyDetails each : values()) {
      if (text.is(each.name(), each.number)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
