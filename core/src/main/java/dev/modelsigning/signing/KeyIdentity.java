package dev.modelsigning.signing;

/**
 * The owner of a bare key, of whom nobody says more than that (method {@code key}).
 *
 * @param fingerprint SHA-256 of the public key as OMS takes it, in lower-case hexadecimal
 * @param algorithm how the key signs, such as {@code ECDSA P-256}
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
