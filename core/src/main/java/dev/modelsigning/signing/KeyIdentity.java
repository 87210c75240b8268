package dev.modelsigning.signing;

import java.util.Optional;

/**
 * The owner of a bare key, about whom nothing else is known (method {@code key}).
 *
 * @param fingerprint SHA-256 of the public key as defined by OMS, in lower-case hexadecimal
 * @param algorithm the signature scheme of the key, such as {@code ECDSA P-256}
 * @param keyService the service that was asked for the key, such as {@code
 *     https://vault.example:8200}; empty if none was. It says where the key came from, and is no
 *     part of the identity
 * @param keyFile the file in which the public key was found, if several keys were given; empty
 *     otherwise. It is no part of the identity either
 */
public record KeyIdentity(
    String fingerprint, String algorithm, Optional<String> keyService, Optional<String> keyFile)
    implements SignerIdentity {

  /** The owner of the only key that was given. */
  public KeyIdentity(String fingerprint, String algorithm, Optional<String> keyService) {
    this(fingerprint, algorithm, keyService, Optional.empty());
  }

  /** The owner of a key for which no service was asked. */
  public KeyIdentity(String fingerprint, String algorithm) {
    this(fingerprint, algorithm, Optional.empty());
  }

  /** Returns the same owner, with the file in which the public key was found. */
  public KeyIdentity withKeyFile(String file) {
    return new KeyIdentity(fingerprint, algorithm, keyService, Optional.of(file));
  }

  /** Whether OMS v1.0 has the scheme of the key (4.2). */
  public boolean isOfOms() {
    return algorithm.startsWith("ECDSA ");
  }

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
