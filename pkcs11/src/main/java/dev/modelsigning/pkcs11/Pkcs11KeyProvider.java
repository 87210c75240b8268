package dev.modelsigning.pkcs11;

import dev.modelsigning.pkcs11.internal.cryptoki.Cryptoki;
import dev.modelsigning.pkcs11.internal.cryptoki.CryptokiException;
import dev.modelsigning.pkcs11.internal.token.TokenAccess;
import dev.modelsigning.pkcs11.internal.token.TokenKey;
import dev.modelsigning.pkcs11.internal.token.TokenObject;
import dev.modelsigning.pkcs11.internal.token.TokenSession;
import dev.modelsigning.pkcs11.internal.uri.TokenUri;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProvider;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Opens elliptic-curve keys on P-256, P-384 or P-521 on a hardware token, named by {@code pkcs11:}
 * URIs (RFC 7512). The session is opened, and the key located, immediately, so that a wrong PIN is
 * detected before a large model is hashed.
 *
 * <pre>{@code
 * Pkcs11Uri uri = Pkcs11Uri.parse("pkcs11:token=release;object=models?module-name=softhsm2");
 * KeyContext context = KeyContext.withDefaults().withSecrets(request -> pin);
 * try (SigningKey key = new Pkcs11KeyProvider().open(uri, context)) {
 *   ModelSigner.using(KeySigner.using(key)).sign(Path.of("my-model"), Path.of("model.sig"));
 * }
 * }</pre>
 *
 * <p>Keys are thread-safe; calls are serialized. The token stays logged in until the last key of
 * this process is closed. All calls of a module are made by one daemon thread: an interrupted
 * caller stops waiting for it with an {@link java.io.InterruptedIOException}, even if the module
 * hangs.
 */
public final class Pkcs11KeyProvider implements KeyProvider {

  /**
   * The option of a {@link KeyContext} with the file of the module, or the directory of the module
   * that the URI names; a relative path is relative to the current directory. Without it, the URI
   * determines the module; otherwise it is that of p11-kit.
   */
  public static final String MODULE_PATH = TokenAccess.MODULE_PATH;

  /** Creates a provider without settings. */
  public Pkcs11KeyProvider() {}

  @Override
  public Set<String> uriSchemes() {
    return Set.of("pkcs11");
  }

  @Override
  public SigningKey open(URI key, KeyContext context) throws IOException, SigningException {
    try {
      return open(Pkcs11Uri.parse(key.toString()), context);
    } catch (IllegalArgumentException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Opens a private key, for the method {@code key} or {@code certificate}. If the token does not
   * contain the public key, a signer with a certificate makes a test signature (proof of
   * possession).
   *
   * @param uri names exactly one key on exactly one token
   * @param context how to access the token, in addition to the URI
   * @throws IOException if the module or the PIN cannot be read
   * @throws SigningException if not exactly one token and key match, the PIN is missing, wrong or
   *     locked, or the key is not suitable for signing models
   */
  public SigningKey open(Pkcs11Uri uri, KeyContext context) throws IOException, SigningException {
    return open(uri, TokenAccess.of(context));
  }

  static TokenKey open(Pkcs11Uri key, TokenAccess access) throws IOException, SigningException {
    TokenUri uri = key.attributes();
    TokenSession session = TokenSession.open(uri, access);
    try {
      session.logIn(uri, access);
      return session.key(uri, access);
    } catch (IOException | SigningException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  @Override
  public PublicKey publicKey(URI key, KeyContext context) throws IOException, InvalidKeyException {
    try {
      return publicKey(Pkcs11Uri.parse(key.toString()), context).publicKey();
    } catch (IllegalArgumentException | SigningException e) {
      throw new InvalidKeyException(e.getMessage(), e);
    }
  }

  /**
   * Returns the public key that verifies the signatures of a key. If exactly one public key on the
   * token matches the URI, no PIN is needed, and none is requested; a URI with a label and no
   * {@code id} is then assumed to be unambiguous. Otherwise this logs in, and the private key
   * determines the public key.
   *
   * @param uri names exactly one key on exactly one token
   * @param context how to access the token, in addition to the URI
   * @throws IOException if the module or the PIN cannot be read
   * @throws SigningException if not exactly one token and key match, the PIN is missing, wrong or
   *     locked, the key is not suitable for signing models, or its public key is not on the token
   */
  public VerifyingKey publicKey(Pkcs11Uri uri, KeyContext context)
      throws IOException, SigningException {
    return publicKey(uri, TokenAccess.of(context));
  }

  static VerifyingKey publicKey(Pkcs11Uri key, TokenAccess access)
      throws IOException, SigningException {
    TokenUri uri = key.attributes();
    try (TokenSession session = TokenSession.open(uri, access)) {
      Shown shown = shown(session, uri);
      if (shown.key().isPresent()) {
        return shown.key().get();
      }
      logIn(session, uri, access, shown);
      if (!session.hasPrivateKey(uri)) {
        Optional<VerifyingKey> hidden = shown(session, uri).key();
        if (hidden.isPresent()) {
          return hidden.get();
        }
      }
      return session
          .key(uri, access)
          .verifyingKey()
          .orElseThrow(() ->
              new SigningException(
                  "the token "
                      + session.slot().name()
                      + " has no public key for "
                      + uri
                      + "; take it from its certificate, for example with"
                      + " 'openssl x509 -pubkey -noout'"));
    }
  }

  /**
   * The visible public keys that match a URI.
   *
   * @param number the number of matching public keys
   * @param key the key, if there is exactly one and it has a point
   */
  private record Shown(int number, Optional<VerifyingKey> key) {}

  private static Shown shown(TokenSession session, TokenUri uri)
      throws IOException, SigningException {
    if (!uri.namesKey()) {
      return new Shown(
          0, Optional.empty()); // a URI without key attributes does not identify a public key
    }
    return session.call(cryptoki -> {
      try {
        List<TokenObject> found = session.find(Cryptoki.CKO_PUBLIC_KEY, uri);
        return new Shown(
            found.size(),
            found.size() == 1 ? found.get(0).point(found.get(0).scheme()) : Optional.empty());
      } catch (CryptokiException | InvalidKeyException e) {
        throw new SigningException("the public key of " + uri + ": " + e.getMessage(), e);
      }
    });
  }

  private static void logIn(TokenSession session, TokenUri uri, TokenAccess access, Shown shown)
      throws IOException, SigningException {
    try {
      session.logIn(uri, access);
    } catch (SigningException e) {
      throw new SigningException(
          "without a PIN, the token "
              + session.slot().name()
              + " shows "
              + (shown.number() > 1
                  ? shown.number() + " public keys that fit " + uri + ", expected one"
                  : "no public key that fits " + uri + ", which may be private")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public List<Path> files(URI key, KeyContext context) throws IOException {
    try {
      return files(Pkcs11Uri.parse(key.toString()), context);
    } catch (IllegalArgumentException | SigningException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * The files that are read to access a token: the module, all files in its directory, and the PIN
   * file.
   *
   * @throws IOException if a directory cannot be read
   * @throws SigningException if the URI's {@code pin-source} is not supported
   */
  public List<Path> files(Pkcs11Uri uri, KeyContext context) throws IOException, SigningException {
    List<Path> files = new ArrayList<>();
    uri.pinFile().ifPresent(files::add);
    for (Path path :
        Stream.of(uri.modulePath(), context.option(MODULE_PATH).map(Path::of))
            .flatMap(Optional::stream)
            .toList()) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> entries = Files.list(path)) {
          entries.filter(Pkcs11KeyProvider::isLibrary).forEach(files::add);
        }
      } else {
        files.add(path);
      }
    }
    return files;
  }

  private static boolean isLibrary(Path file) {
    return file.toString().matches(".*\\.(so|dylib|dll)([.0-9]*)");
  }
}
