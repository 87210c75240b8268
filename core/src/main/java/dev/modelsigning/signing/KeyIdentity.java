package dev.modelsigning.signing;

/**
 * The owner of a bare key, about whom nothing else is known (method {@code key}).
 *
 * @param fingerprint SHA-256 of the public key as defined by OMS, in lower-case hexadecimal
 * @param algorithm the signature scheme of the key, such as {@code ECDSA P-256}
 */
public record KeyIdentity(String fingerprint, String algorithm) implements SignerIdentity {

  @Override
  public String method() {
    return "key";
  }

  /** The fingerprint. */
  @Override
  public String name() {
    return fingerprint;
  }
}
