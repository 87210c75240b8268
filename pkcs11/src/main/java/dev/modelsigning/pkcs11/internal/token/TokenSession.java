package dev.modelsigning.pkcs11.internal.token;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.pkcs11.internal.cryptoki.Cryptoki;
import dev.modelsigning.pkcs11.internal.cryptoki.CryptokiException;
import dev.modelsigning.pkcs11.internal.cryptoki.TokenModule;
import dev.modelsigning.pkcs11.internal.uri.TokenUri;
import dev.modelsigning.pkcs11.internal.uri.UriAttribute;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A read-only session with one token. It calls the module in the module's thread. Methods that
 * throw {@link CryptokiException} must be called in that thread only.
 */
public final class TokenSession implements AutoCloseable {

  private final TokenModule module;
  private final Cryptoki cryptoki;
  private final TokenAccess access;
  private final Map<UriAttribute, Bytes> moduleNaming;
  private final Slot slot;
  private final long session;
  private @Nullable Pin pin;

  /** A PIN that was refused is never tried again, for any purpose. */
  private boolean refused;

  private TokenSession(
      TokenAccess.LoadedModule loaded,
      Cryptoki cryptoki,
      TokenAccess access,
      Slot slot,
      long session) {
    this.module = loaded.module();
    this.cryptoki = cryptoki;
    this.access = access;
    this.moduleNaming = loaded.naming();
    this.slot = slot;
    this.session = session;
  }

  /**
   * Opens a session with the only token that matches a URI, without logging in.
   *
   * @throws SigningException if there is no such token, or more than one
   */
  public static TokenSession open(TokenUri uri, TokenAccess access)
      throws IOException, SigningException {
    TokenAccess.LoadedModule loaded = access.load(uri);
    Slot slot = loaded.module().call(cryptoki -> Slot.only(cryptoki, uri));
    return open(loaded, slot, access);
  }

  /** Opens a session with the token in a slot, without logging in. */
  public static TokenSession open(TokenAccess.LoadedModule loaded, Slot slot, TokenAccess access)
      throws IOException, SigningException {
    return loaded
        .module()
        .call(cryptoki -> {
          try {
            return new TokenSession(
                loaded, cryptoki, access, slot, cryptoki.openSession(slot.id()));
          } catch (CryptokiException e) {
            throw new SigningException(
                "the token " + slot.name() + " cannot be opened: " + e.getMessage(), e);
          }
        });
  }

  /**
   * Logs in, if the token requires it. A PIN is tried once, since tokens lock after a few wrong
   * ones.
   *
   * @throws SigningException if there is no PIN, or it is wrong or locked
   */
  public void logIn(TokenUri uri, TokenAccess access) throws IOException, SigningException {
    Cryptoki.TokenInfo token = slot.token();
    if (!token.has(Cryptoki.CKF_LOGIN_REQUIRED)) {
      return;
    }
    if (token.has(Cryptoki.CKF_USER_PIN_LOCKED)) {
      throw new SigningException(LoginFailure.locked(slot.name()));
    }
    if (token.has(Cryptoki.CKF_USER_PIN_FINAL_TRY)) {
      access.report(
          TokenRules.PIN_LAST_TRY,
          "one try is left for the PIN of the token " + slot.name() + "; a wrong PIN locks it");
    } else if (token.has(Cryptoki.CKF_USER_PIN_COUNT_LOW)) {
      access.report(
          TokenRules.PIN_TRIES_LOW,
          "wrong PINs were entered for the token " + slot.name() + "; a few more of them lock it");
    }
    preparePin(uri, access);
    logIn(Cryptoki.CKU_USER);
  }

  private void preparePin(TokenUri uri, TokenAccess access) throws IOException, SigningException {
    if (slot.token().has(Cryptoki.CKF_PROTECTED_AUTHENTICATION_PATH)) {
      access.report(
          TokenRules.PIN_AT_READER, "enter the PIN at the reader of the token " + slot.name());
    } else {
      pin = Pin.of(uri, access.pins(), slot);
    }
  }

  private void logIn(long user) throws IOException, SigningException {
    Pin given = pin;
    if (refused) {
      throw new SigningException(
          "the PIN of the token " + slot.name() + " was refused before; it is not tried again");
    }
    module.call(cryptoki -> {
      try {
        cryptoki.login(session, user, given == null ? null : given.utf8());
      } catch (CryptokiException e) {
        // Another session of this process has already logged in, which applies to all sessions.
        if (e.code() != CryptokiException.CKR_USER_ALREADY_LOGGED_IN) {
          refused = true;
          throw LoginFailure.of(slot.name(), e);
        }
      }
      return session;
    });
  }

  /**
   * Returns the only private key that matches a URI, ready to sign.
   *
   * @throws SigningException if there is none, more than one, or one that is not suitable for
   *     signing models
   */
  public TokenKey key(TokenUri uri, TokenAccess access) throws IOException, SigningException {
    TokenKey key =
        module.call(cryptoki -> {
          try {
            return TokenKey.of(this, only(Cryptoki.CKO_PRIVATE_KEY, uri, "private key"));
          } catch (CryptokiException e) {
            throw new SigningException(
                "the keys of the token " + slot.name() + " cannot be read: " + e.getMessage(), e);
          }
        });
    if (!key.alwaysAuthenticates()) {
      wipe();
    } else if (pin == null) {
      preparePin(uri, access);
    }
    return key;
  }

  /** Whether a private key that matches a URI is visible on the token. */
  public boolean hasPrivateKey(TokenUri uri) throws IOException, SigningException {
    return module.call(cryptoki -> {
      try {
        return !find(Cryptoki.CKO_PRIVATE_KEY, uri).isEmpty();
      } catch (CryptokiException e) {
        throw new SigningException(
            "the keys of the token " + slot.name() + " cannot be read: " + e.getMessage(), e);
      }
    });
  }

  /** The only object of a class that matches a URI. */
  TokenObject only(long objectClass, TokenUri uri, String kind)
      throws CryptokiException, SigningException {
    if (!uri.namesKey()) {
      throw new SigningException(
          "the PKCS #11 URI "
              + uri
              + " names no key, expected object=LABEL or id=%XX in it; "
              + listed(objectClass, kind));
    }
    List<TokenObject> found = find(objectClass, uri);
    if (found.isEmpty()) {
      throw new SigningException(
          "no "
              + kind
              + " on the token "
              + slot.name()
              + " matches the PKCS #11 URI "
              + uri
              + "; "
              + listed(objectClass, kind));
    }
    if (found.size() > 1) {
      throw new SigningException(
          found.size()
              + " keys match the PKCS #11 URI "
              + uri
              + ", expected one; "
              + distinguished(found));
    }
    return found.get(0);
  }

  /**
   * The advice for several matching keys; those with equal label and id cannot be distinguished.
   */
  private static String distinguished(List<TokenObject> found) {
    Map<String, Long> keysByUri =
        found.stream()
            .collect(
                Collectors.groupingBy(TokenObject::uri, LinkedHashMap::new, Collectors.counting()));
    List<String> alone =
        keysByUri.entrySet().stream()
            .filter(entry -> entry.getValue() == 1)
            .map(Map.Entry::getKey)
            .toList();
    List<String> alike =
        keysByUri.entrySet().stream()
            .filter(entry -> entry.getValue() > 1)
            .map(entry -> entry.getValue() + " keys are all " + entry.getKey())
            .toList();
    List<String> advice = new ArrayList<>();
    if (!alone.isEmpty()) {
      advice.add("use one of " + list(alone));
    }
    if (!alike.isEmpty()) {
      advice.add(
          list(alike)
              + ", which no URI can tell apart: give each a label (CKA_LABEL) or id (CKA_ID) of its"
              + " own");
    }
    return String.join("; ", advice);
  }

  private String listed(long objectClass, String kind) throws CryptokiException {
    List<TokenObject> all = find(objectClass);
    return all.isEmpty()
        ? "the token shows no " + kind
        : "expected one of " + list(all.stream().map(TokenObject::uri).toList());
  }

  private static String list(List<String> texts) {
    int limit = 20;
    String first = String.join(", ", texts.stream().limit(limit).toList());
    return texts.size() <= limit ? first : first + " and " + (texts.size() - limit) + " more";
  }

  /** The objects of a class with the {@code id} and label in a URI. */
  public List<TokenObject> find(long objectClass, TokenUri uri) throws CryptokiException {
    List<Cryptoki.Attribute> wanted = new ArrayList<>();
    uri.bytes(UriAttribute.ID)
        .ifPresent(id -> wanted.add(new Cryptoki.Attribute(Cryptoki.CKA_ID, id)));
    uri.bytes(UriAttribute.OBJECT)
        .ifPresent(label -> wanted.add(new Cryptoki.Attribute(Cryptoki.CKA_LABEL, label)));
    return find(objectClass, wanted.toArray(new Cryptoki.Attribute[0]));
  }

  List<TokenObject> find(long objectClass, Cryptoki.Attribute... wanted) throws CryptokiException {
    List<TokenObject> objects = new ArrayList<>();
    for (long handle : cryptoki.find(session, objectClass, List.of(wanted))) {
      objects.add(TokenObject.of(this, handle));
    }
    return objects;
  }

  Optional<Bytes> value(long object, long attribute) throws CryptokiException {
    return cryptoki.value(session, object, attribute);
  }

  Optional<Long> number(long object, long attribute) throws CryptokiException {
    return cryptoki.number(session, object, attribute);
  }

  boolean canSignBy(long mechanism) throws CryptokiException {
    return (cryptoki.mechanismFlags(slot.id(), mechanism) & Cryptoki.CKF_SIGN) != 0;
  }

  /** The slot with the information about the token. */
  public Slot slot() {
    return slot;
  }

  /** The URI attributes that identify the token and the module that was used. */
  public Map<UriAttribute, Bytes> uriAttributes() {
    Map<UriAttribute, Bytes> attributes = slot.attributes();
    attributes.putAll(moduleNaming);
    return attributes;
  }

  /** Runs a task in the thread of the module, exclusively. */
  public <T> T call(TokenModule.Task<T> task) throws IOException, SigningException {
    return module.call(task);
  }

  /**
   * Makes a signature in one operation.
   *
   * @param authenticate whether the key requires a login for each signature
   */
  Bytes sign(long mechanism, long key, Bytes data, boolean authenticate)
      throws IOException, SigningException {
    return module.call(cryptoki -> {
      try {
        cryptoki.signInit(session, mechanism, key);
        if (authenticate) {
          logIn(Cryptoki.CKU_CONTEXT_SPECIFIC);
        }
        return cryptoki.sign(session, data);
      } catch (CryptokiException e) {
        throw new SigningException(
            e.meansGone()
                ? "the session with the token "
                    + slot.name()
                    + " was lost before it signed ("
                    + e.getMessage()
                    + "); nothing was signed, look whether the token is still there and sign again"
                : "the token " + slot.name() + " did not sign: " + e.getMessage(),
            e);
      }
    });
  }

  private void wipe() {
    if (pin != null) {
      pin.close();
      pin = null;
    }
  }

  /**
   * Closes the session and erases the PIN. Completed operations remain valid if this fails, so that
   * is reported as a finding instead of an exception.
   */
  @Override
  public void close() {
    wipe();
    try {
      module.finish(cryptoki -> {
        try {
          cryptoki.closeSession(session);
        } catch (CryptokiException e) {
          if (!e.meansGone()) {
            throw new SigningException("" + e.getMessage(), e);
          }
        }
        return session;
      });
    } catch (IOException | SigningException e) {
      access.report(
          TokenRules.TOKEN_SESSION_OPEN,
          "the session with the token " + slot.name() + " does not end: " + e.getMessage());
    }
  }
}
