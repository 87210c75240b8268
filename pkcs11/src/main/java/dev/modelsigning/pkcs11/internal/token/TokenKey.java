package dev.modelsigning.pkcs11.internal.token;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.pkcs11.internal.cryptoki.Cryptoki;
import dev.modelsigning.pkcs11.internal.cryptoki.CryptokiException;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.interfaces.ECKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A private key on a token. */
public final class TokenKey implements SigningKey {

  private static final Map<EcdsaScheme, Long> HASHING =
      Map.of(
          EcdsaScheme.P256, Cryptoki.CKM_ECDSA_SHA256,
          EcdsaScheme.P384, Cryptoki.CKM_ECDSA_SHA384,
          EcdsaScheme.P521, Cryptoki.CKM_ECDSA_SHA512);

  private final TokenSession session;
  private final TokenObject object;
  private final EcdsaScheme scheme;
  private final @Nullable VerifyingKey publicKey;
  private final long mechanism;
  private final boolean alwaysAuthenticates;

  private TokenKey(
      TokenSession session,
      TokenObject object,
      EcdsaScheme scheme,
      @Nullable VerifyingKey publicKey,
      long mechanism,
      boolean alwaysAuthenticates) {
    this.session = session;
    this.object = object;
    this.scheme = scheme;
    this.publicKey = publicKey;
    this.mechanism = mechanism;
    this.alwaysAuthenticates = alwaysAuthenticates;
  }

  /**
   * Returns the key in an object.
   *
   * @throws SigningException if it is not suitable for signing models
   */
  static TokenKey of(TokenSession session, TokenObject object)
      throws CryptokiException, SigningException {
    try {
      EcdsaScheme scheme = object.scheme();
      if (object.isFalse(Cryptoki.CKA_SIGN)) {
        throw new InvalidKeyException("expected a key that may sign, its CKA_SIGN is false");
      }
      return new TokenKey(
          session,
          object,
          scheme,
          publicKey(session, object, scheme).orElse(null),
          mechanism(session, scheme),
          object.isTrue(Cryptoki.CKA_ALWAYS_AUTHENTICATE));
    } catch (InvalidKeyException e) {
      throw new SigningException("the key " + object.uri() + ": " + e.getMessage(), e);
    }
  }

  /**
   * If the token signs hashes, the hash is computed here, so that the token need not process the
   * message.
   */
  private static long mechanism(TokenSession session, EcdsaScheme scheme)
      throws CryptokiException, InvalidKeyException {
    if (session.canSignBy(Cryptoki.CKM_ECDSA)) {
      return Cryptoki.CKM_ECDSA;
    }
    long hashing = Objects.requireNonNull(HASHING.get(scheme));
    if (session.canSignBy(hashing)) {
      return hashing;
    }
    throw new InvalidKeyException(
        "expected a token that signs by CKM_ECDSA or by "
            + "CKM_ECDSA_"
            + scheme.prehash().orElseThrow().replace("-", "")
            + ", it has neither mechanism");
  }

  /**
   * The public key for a private key on the token: from a public key or certificate with the same
   * {@code CKA_ID}, or from the point of the private key itself. Labels are not used, as they prove
   * nothing.
   */
  private static Optional<VerifyingKey> publicKey(
      TokenSession session, TokenObject object, EcdsaScheme scheme)
      throws CryptokiException, InvalidKeyException {
    if (object.id().length() > 0) {
      Cryptoki.Attribute sameId = new Cryptoki.Attribute(Cryptoki.CKA_ID, object.id());
      List<VerifyingKey> keys = new ArrayList<>();
      for (TokenObject each : session.find(Cryptoki.CKO_PUBLIC_KEY, sameId)) {
        each.point(scheme).ifPresent(keys::add);
      }
      if (!keys.isEmpty()) {
        return Optional.of(same(keys));
      }
    }
    Optional<VerifyingKey> point = object.point(scheme);
    if (point.isPresent() || object.id().length() == 0) {
      return point;
    }
    Cryptoki.Attribute sameId = new Cryptoki.Attribute(Cryptoki.CKA_ID, object.id());
    List<VerifyingKey> keys = new ArrayList<>();
    for (TokenObject each : session.find(Cryptoki.CKO_CERTIFICATE, sameId)) {
      Optional<Bytes> der = session.value(each.handle(), Cryptoki.CKA_VALUE);
      if (der.isPresent() && der.get().length() > 0) {
        certified(der.get(), scheme).ifPresent(keys::add);
      }
    }
    return keys.isEmpty() ? Optional.empty() : Optional.of(same(keys));
  }

  private static Optional<VerifyingKey> certified(Bytes der, EcdsaScheme scheme)
      throws InvalidKeyException {
    try {
      PublicKey key = CertificateFile.parse(der).getPublicKey();
      return key instanceof ECKey && EcdsaScheme.of(key).equals(scheme)
          ? Optional.of(VerifyingKey.of(key))
          : Optional.empty();
    } catch (CertificateException e) {
      throw new InvalidKeyException("the certificate beside it: " + e.getMessage(), e);
    }
  }

  private static VerifyingKey same(List<VerifyingKey> keys) throws InvalidKeyException {
    if (keys.stream().map(VerifyingKey::pem).distinct().count() > 1) {
      throw new InvalidKeyException(
          "the token has several public keys of its id, expected one; delete those of other keys");
    }
    return keys.get(0);
  }

  /** Whether a login is required for each signature. */
  boolean alwaysAuthenticates() {
    return alwaysAuthenticates;
  }

  @Override
  public EcdsaScheme scheme() {
    return scheme;
  }

  @Override
  public Optional<PublicKey> publicKey() {
    return Optional.ofNullable(publicKey).map(VerifyingKey::publicKey);
  }

  /** The public key on the token for this key. */
  public Optional<VerifyingKey> verifyingKey() {
    return Optional.ofNullable(publicKey);
  }

  /** Closes the session and erases the PIN. */
  @Override
  public void close() {
    session.close();
  }

  @Override
  public Bytes sign(Bytes message) throws IOException, SigningException {
    Bytes data = mechanism == Cryptoki.CKM_ECDSA ? scheme.digest(message) : message;
    Bytes signature = session.sign(mechanism, object.handle(), data, alwaysAuthenticates);
    try {
      return scheme.der(signature);
    } catch (SignatureException e) {
      throw new SigningException(
          "the token " + session.slot().name() + " did not sign properly: " + e.getMessage(), e);
    }
  }
}
