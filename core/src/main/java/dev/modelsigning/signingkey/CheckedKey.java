package dev.modelsigning.signingkey;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.net.URI;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * A key of a third-party provider. Its properties are read once, so that they cannot change; its
 * signatures are verified by the signers.
 */
final class CheckedKey implements SigningKey {

  private final SigningKey key;
  private final CheckedProvider provider;
  private final KeyContext context;
  private final SignatureScheme scheme;
  private final Optional<PublicKey> publicKey;
  private final List<X509Certificate> certificates;
  private final Optional<URI> service;

  private CheckedKey(
      SigningKey key,
      CheckedProvider provider,
      KeyContext context,
      SignatureScheme scheme,
      Optional<PublicKey> publicKey,
      List<X509Certificate> certificates,
      Optional<URI> service) {
    this.key = key;
    this.provider = provider;
    this.context = context;
    this.scheme = scheme;
    this.publicKey = publicKey;
    this.certificates = certificates;
    this.service = service;
  }

  static CheckedKey of(SigningKey key, CheckedProvider provider, KeyContext context)
      throws IOException, SigningException {
    try {
      SignatureScheme scheme = provider.checked("scheme", key::scheme);
      provider.checked("scheme().name", scheme::name);
      Optional<PublicKey> publicKey = provider.checked("publicKey", key::publicKey);
      List<X509Certificate> certificates =
          provider.checked("certificates", () -> List.copyOf(key.certificates()));
      Optional<URI> service = provider.checked("service", key::service);
      if (publicKey.isPresent()) {
        VerifyingKey usable = provider.checked("publicKey", () -> usable(publicKey.get(), scheme));
        return new CheckedKey(
            key, provider, context, scheme, Optional.of(usable.publicKey()), certificates, service);
      }
      return new CheckedKey(key, provider, context, scheme, publicKey, certificates, service);
    } catch (IOException | SigningException e) {
      close(key, provider, context);
      throw e;
    } catch (InvalidKeyException e) {
      close(key, provider, context);
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }

  private static VerifyingKey usable(PublicKey key, SignatureScheme scheme)
      throws InvalidKeyException {
    try {
      return VerifyingKey.of(key, scheme);
    } catch (InvalidKeyException e) {
      throw new InvalidKeyException("its public key cannot be used: " + e.getMessage(), e);
    }
  }

  @Override
  public SignatureScheme scheme() {
    return scheme;
  }

  @Override
  public Optional<PublicKey> publicKey() {
    return publicKey;
  }

  @Override
  public List<X509Certificate> certificates() {
    return certificates;
  }

  @Override
  public Optional<URI> service() {
    return service;
  }

  @Override
  public Bytes sign(Bytes message) throws IOException, SigningException {
    try {
      return provider.checked("sign", () -> key.sign(message));
    } catch (InvalidKeyException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public String description() {
    return "the private key of " + provider.name();
  }

  @Override
  public void close() {
    close(key, provider, context);
  }

  /** What was signed remains signed, so a failure here is only reported. */
  private static void close(SigningKey key, CheckedProvider provider, KeyContext context) {
    try {
      provider.checked(
          "close",
          () -> {
            key.close();
            return true;
          });
    } catch (IOException | SigningException | InvalidKeyException e) {
      context.report(Finding.of(Rules.KEY_NOT_CLOSED, String.valueOf(e.getMessage())));
    }
  }
}
