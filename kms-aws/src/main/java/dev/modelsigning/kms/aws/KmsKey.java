package dev.modelsigning.kms.aws;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.Optional;

/** A private key in AWS KMS. */
final class KmsKey implements SigningKey {

  private final KmsService service;
  private final KmsService.Known known;

  KmsKey(KmsService service, KmsService.Known known) {
    this.service = service;
    this.known = known;
  }

  @Override
  public EcdsaScheme scheme() {
    return known.scheme();
  }

  @Override
  public Optional<PublicKey> publicKey() {
    return Optional.of(known.key().publicKey());
  }

  @Override
  public Optional<URI> service() {
    return Optional.of(service.endpoint());
  }

  @Override
  public Bytes sign(Bytes message) throws IOException, SigningException {
    try {
      return service.sign(known, scheme().digest(message));
    } catch (InvalidKeyException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public String description() {
    return service.toString();
  }

  @Override
  public void close() {
    service.close();
  }
}
