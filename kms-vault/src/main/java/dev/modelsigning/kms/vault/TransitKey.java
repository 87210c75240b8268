package dev.modelsigning.kms.vault;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.net.URI;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.Optional;

/** A private key in Vault or OpenBao, in the version that was the latest when it was opened. */
final class TransitKey implements SigningKey {

  private final Transit transit;
  private final Version version;

  /**
   * A version of a key.
   *
   * @param key its public key
   * @param scheme the scheme of its signatures
   * @param number its number, from 1
   */
  record Version(VerifyingKey key, EcdsaScheme scheme, long number) {}

  TransitKey(Transit transit, Version version) {
    this.transit = transit;
    this.version = version;
  }

  @Override
  public EcdsaScheme scheme() {
    return version.scheme();
  }

  @Override
  public Optional<PublicKey> publicKey() {
    return Optional.of(version.key().publicKey());
  }

  @Override
  public Optional<URI> service() {
    return Optional.of(transit.address());
  }

  @Override
  public Bytes sign(Bytes message) throws IOException, SigningException {
    try {
      return transit.sign(version, scheme().digest(message));
    } catch (InvalidKeyException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public String description() {
    return transit.toString();
  }
}
