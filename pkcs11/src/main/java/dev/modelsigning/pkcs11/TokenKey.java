package dev.modelsigning.pkcs11;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.SignatureAlgorithm;
import dev.modelsigning.keyfile.CertificateFile;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.security.InvalidKeyException;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.interfaces.ECPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A private key on a token. */
final class TokenKey implements SigningKey {

  private final TokenSession session;
  private final TokenObject object;
  private final SignatureAlgorithm algorithm;
  private final @Nullable ECPublicKey publicKey;
  private final long mechanism;
  private final boolean alwaysAuthenticates;

  private TokenKey(
      TokenSession session,
      TokenObject object,
      SignatureAlgorithm algorithm,
      @Nullable ECPublicKey publicKey,
      long mechanism,
      boolean alwaysAuthenticates) {
    this.session = session;
    this.object = object;
    this.algorithm = algorithm;
    this.publicKey = publicKey;
    this.mechanism = mechanism;
    this.alwaysAuthenticates = alwaysAuthenticates;
  }

  /**
   * The key that an object is.
   *
   * @throws SigningException if it cannot sign models
   */
  static TokenKey of(TokenSession session, TokenObject object)
      throws CryptokiException, SigningException {
    try {
      SignatureAlgorithm algorithm = object.algorithm();
      if (object.isFalse(Cryptoki.CKA_SIGN)) {
        throw new InvalidKeyException("expected a key that may sign, its CKA_SIGN is false");
      }
      return new TokenKey(
          session,
          object,
          algorithm,
          publicKey(session, object, algorithm).orElse(null),
          mechanism(session, algorithm),
          object.isTrue(Cryptoki.CKA_ALWAYS_AUTHENTICATE));
    } catch (InvalidKeyException e) {
      throw new SigningException("the key " + object.uri() + ": " + e.getMessage(), e);
    }
  }

  /** The hash is computed here if the token signs hashes, since it need not see the rest then. */
  private static long mechanism(TokenSession session, SignatureAlgorithm algorithm)
      throws CryptokiException, InvalidKeyException {
    if (session.canSignBy(Cryptoki.CKM_ECDSA)) {
      return Cryptoki.CKM_ECDSA;
    }
    long hashing =
        switch (algorithm) {
          case ECDSA_P256_SHA256 -> Cryptoki.CKM_ECDSA_SHA256;
          case ECDSA_P384_SHA384 -> Cryptoki.CKM_ECDSA_SHA384;
          case ECDSA_P521_SHA512 -> Cryptoki.CKM_ECDSA_SHA512;
        };
    if (session.canSignBy(hashing)) {
      return hashing;
    }
    throw new InvalidKeyException(
        "expected a token that signs by CKM_ECDSA or by "
            + algorithm.name().replaceFirst("ECDSA_P\\d+_", "CKM_ECDSA_")
            + ", it has neither mechanism");
  }

  /**
   * The public key that the token has for a private key: a public key or certificate of the same
   * {@code CKA_ID}, or the point on the private key itself. A label proves nothing.
   */
  private static Optional<ECPublicKey> publicKey(
      TokenSession session, TokenObject object, SignatureAlgorithm algorithm)
      throws CryptokiException, InvalidKeyException {
    if (object.id().length() > 0) {
      Cryptoki.Attribute sameId = new Cryptoki.Attribute(Cryptoki.CKA_ID, object.id());
      List<ECPublicKey> keys = new ArrayList<>();
      for (TokenObject each : session.find(Cryptoki.CKO_PUBLIC_KEY, sameId)) {
        each.point(algorithm).ifPresent(keys::add);
      }
      if (!keys.isEmpty()) {
        return Optional.of(same(keys));
      }
    }
    Optional<ECPublicKey> point = object.point(algorithm);
    if (point.isPresent() || object.id().length() == 0) {
      return point;
    }
    Cryptoki.Attribute sameId = new Cryptoki.Attribute(Cryptoki.CKA_ID, object.id());
    List<ECPublicKey> keys = new ArrayList<>();
    for (TokenObject each : session.find(Cryptoki.CKO_CERTIFICATE, sameId)) {
      Optional<Bytes> der = session.value(each.handle(), Cryptoki.CKA_VALUE);
      if (der.isPresent() && der.get().length() > 0) {
        certified(der.get(), algorithm).ifPresent(keys::add);
      }
    }
    return keys.isEmpty() ? Optional.empty() : Optional.of(same(keys));
  }

  private static Optional<ECPublicKey> certified(Bytes der, SignatureAlgorithm algorithm)
      throws InvalidKeyException {
    try {
      return CertificateFile.parse(der).getPublicKey() instanceof ECPublicKey key
              && SignatureAlgorithm.of(key) == algorithm
          ? Optional.of(key)
          : Optional.empty();
    } catch (CertificateException e) {
      throw new InvalidKeyException("the certificate beside it: " + e.getMessage(), e);
    }
  }

  private static ECPublicKey same(List<ECPublicKey> keys) throws InvalidKeyException {
    if (keys.stream().map(ECPublicKey::getW).distinct().count() > 1) {
      throw new InvalidKeyException(
          "the token has several public keys of its id, expected one; delete those of other keys");
    }
    return keys.get(0);
  }

  /** Whether its owner has to log in for each signature. */
  boolean alwaysAuthenticates() {
    return alwaysAuthenticates;
  }

  @Override
  public SignatureAlgorithm algorithm() {
    return algorithm;
  }

  @Override
  public Optional<ECPublicKey> publicKey() {
    return Optional.ofNullable(publicKey);
  }

  @Override
  public Bytes sign(Bytes message) throws IOException, SigningException {
    Bytes data = mechanism == Cryptoki.CKM_ECDSA ? algorithm.digest(message) : message;
    Bytes signature = session.sign(mechanism, object.handle(), data, alwaysAuthenticates);
    try {
      return algorithm.der(signature);
    } catch (SignatureException e) {
      throw new SigningException(
          "the token " + session.slot().name() + " did not sign properly: " + e.getMessage(), e);
    }
  }
}
