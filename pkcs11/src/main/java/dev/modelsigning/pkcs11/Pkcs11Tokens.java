package dev.modelsigning.pkcs11;

import dev.modelsigning.pkcs11.internal.cryptoki.Cryptoki;
import dev.modelsigning.pkcs11.internal.cryptoki.CryptokiException;
import dev.modelsigning.pkcs11.internal.token.Slot;
import dev.modelsigning.pkcs11.internal.token.TokenAccess;
import dev.modelsigning.pkcs11.internal.token.TokenObject;
import dev.modelsigning.pkcs11.internal.token.TokenSession;
import dev.modelsigning.pkcs11.internal.uri.PercentEncoding;
import dev.modelsigning.pkcs11.internal.uri.TokenUri;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.signingkey.KeyContext;
import java.io.IOException;
import java.security.InvalidKeyException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lists tokens and keys. */
public final class Pkcs11Tokens {

  private Pkcs11Tokens() {}

  /**
   * A token.
   *
   * @param uri a URI that identifies it
   * @param label its label
   * @param manufacturer who made it
   * @param model its model
   * @param serial its serial number
   * @param keys the visible keys on it that can sign models
   * @param otherKeys the number of keys of other kinds
   */
  public record Token(
      String uri,
      String label,
      String manufacturer,
      String model,
      String serial,
      List<Key> keys,
      int otherKeys) {

    /** Copies the list. */
    public Token {
      keys = List.copyOf(keys);
    }
  }

  /**
   * A key that can sign models.
   *
   * @param uri a URI that identifies it
   * @param scheme the scheme of its signatures
   * @param privateSeen whether the private key is visible; otherwise only the public key is, as
   *     tokens hide private keys until login
   */
  public record Key(String uri, EcdsaScheme scheme, boolean privateSeen) {}

  /**
   * Lists the tokens of a module, and the keys on them.
   *
   * @param uri selects the module and the tokens; its key attributes also filter the keys
   * @param context how to access the tokens, in addition to the URI
   * @param logIn whether to log in to list private keys too; the URI must then match exactly one
   *     token, since a PIN belongs to one token, and every other one would count it as a wrong try
   * @throws IOException if the module or the PIN cannot be read
   * @throws SigningException if the module or a token fails, the PIN is missing, wrong or locked,
   *     or not exactly one token matches when logging in
   */
  public static List<Token> list(Pkcs11Uri uri, KeyContext context, boolean logIn)
      throws IOException, SigningException {
    return list(uri, TokenAccess.of(context), logIn);
  }

  static List<Token> list(Pkcs11Uri which, TokenAccess access, boolean logIn)
      throws IOException, SigningException {
    TokenUri uri = which.attributes();
    TokenAccess.LoadedModule loaded = access.load(uri);
    List<Slot> slots =
        loaded
            .module()
            .call(cryptoki -> {
              if (logIn) {
                return List.of(Slot.only(cryptoki, uri));
              }
              Slot.requireLibrary(cryptoki, uri);
              return Slot.matching(cryptoki, uri);
            });
    List<Token> tokens = new ArrayList<>();
    for (Slot slot : slots) {
      try (TokenSession session = TokenSession.open(loaded, slot, access)) {
        if (logIn) {
          session.logIn(uri, access);
        }
        tokens.add(token(session, uri));
      }
    }
    return tokens;
  }

  private static Token token(TokenSession session, TokenUri uri)
      throws IOException, SigningException {
    return session.call(cryptoki -> {
      try {
        return read(session, uri);
      } catch (CryptokiException e) {
        throw new SigningException(
            "the keys of the token "
                + session.slot().name()
                + " cannot be listed: "
                + e.getMessage(),
            e);
      }
    });
  }

  private static Token read(TokenSession session, TokenUri uri) throws CryptokiException {
    List<Key> keys = new ArrayList<>();
    List<TokenObject> seen = new ArrayList<>();
    int others = 0;
    for (TokenObject each : session.find(Cryptoki.CKO_PRIVATE_KEY, uri)) {
      others += add(keys, each, true) ? 0 : 1;
      seen.add(each);
    }
    for (TokenObject each : session.find(Cryptoki.CKO_PUBLIC_KEY, uri)) {
      boolean known =
          seen.stream()
              .anyMatch(one -> one.id().equals(each.id()) && one.label().equals(each.label()));
      if (!known) {
        others += add(keys, each, false) ? 0 : 1;
      }
    }
    keys.sort(Comparator.comparing(Key::uri));
    Cryptoki.TokenInfo info = session.slot().token();
    return new Token(
        TokenUri.format(session.uriAttributes()),
        PercentEncoding.utf8(info.label()),
        PercentEncoding.utf8(info.manufacturer()),
        PercentEncoding.utf8(info.model()),
        PercentEncoding.utf8(info.serial()),
        keys,
        others);
  }

  private static boolean add(List<Key> keys, TokenObject object, boolean isPrivate)
      throws CryptokiException {
    try {
      if (isPrivate && object.isFalse(Cryptoki.CKA_SIGN)) {
        return false;
      }
      keys.add(new Key(object.uri(), object.scheme(), isPrivate));
      return true;
    } catch (InvalidKeyException e) {
      return false; // a key of another kind, which the caller counts
    }
  }
}
