package dev.modelsigning.pkcs11.internal.token;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.internal.keyfile.EcKeys;
import dev.modelsigning.pkcs11.internal.cryptoki.Cryptoki;
import dev.modelsigning.pkcs11.internal.cryptoki.CryptokiException;
import dev.modelsigning.pkcs11.internal.uri.TokenUri;
import dev.modelsigning.pkcs11.internal.uri.UriAttribute;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.VerifyingKey;
import java.security.InvalidKeyException;
import java.util.Map;
import java.util.Optional;

/**
 * An object on a token.
 *
 * @param session the session that found it
 * @param handle its handle in the session
 * @param id the identifier shared by a key pair and its certificate; may be empty
 * @param label its label; may be empty
 */
public record TokenObject(TokenSession session, long handle, Bytes id, Bytes label) {

  private static final Bytes NONE = Bytes.of(new byte[0]);

  static TokenObject of(TokenSession session, long handle) throws CryptokiException {
    return new TokenObject(
        session,
        handle,
        session.value(handle, Cryptoki.CKA_ID).orElse(NONE),
        session.value(handle, Cryptoki.CKA_LABEL).orElse(NONE));
  }

  /** A URI that identifies it. */
  public String uri() {
    Map<UriAttribute, Bytes> attributes = session.uriAttributes();
    if (id.length() > 0) {
      attributes.put(UriAttribute.ID, id);
    }
    if (label.length() > 0) {
      attributes.put(UriAttribute.OBJECT, label);
    }
    return TokenUri.format(attributes);
  }

  /**
   * Returns the scheme of a key.
   *
   * @throws InvalidKeyException if it is not an elliptic-curve key on P-256, P-384 or P-521
   */
  public EcdsaScheme scheme() throws CryptokiException, InvalidKeyException {
    Optional<Long> type = session.number(handle, Cryptoki.CKA_KEY_TYPE);
    if (type.isEmpty() || type.get() != Cryptoki.CKK_EC) {
      throw new InvalidKeyException(
          EcdsaScheme.unsupported(
              type.isPresent() && type.get() == Cryptoki.CKK_RSA
                  ? "this is a key for RSA"
                  : "this is a key of another type"));
    }
    Optional<Bytes> curve = session.value(handle, Cryptoki.CKA_EC_PARAMS);
    if (curve.isEmpty()) {
      throw new InvalidKeyException(EcdsaScheme.unsupported("this key names no curve"));
    }
    return EcKeys.algorithm(curve.get());
  }

  /**
   * Returns the public key of its point.
   *
   * @throws InvalidKeyException if the point is malformed
   */
  public Optional<VerifyingKey> point(EcdsaScheme scheme)
      throws CryptokiException, InvalidKeyException {
    Optional<Bytes> point = session.value(handle, Cryptoki.CKA_EC_POINT);
    return point.isEmpty() || point.get().length() == 0
        ? Optional.empty()
        : Optional.of(EcPoint.publicKey(scheme, point.get()));
  }

  /** Whether a boolean attribute is present and false. */
  public boolean isFalse(long attribute) throws CryptokiException {
    return session.number(handle, attribute).filter(value -> value == 0).isPresent();
  }

  /** Whether a boolean attribute is present and true. */
  boolean isTrue(long attribute) throws CryptokiException {
    return session.number(handle, attribute).filter(value -> value != 0).isPresent();
  }
}
