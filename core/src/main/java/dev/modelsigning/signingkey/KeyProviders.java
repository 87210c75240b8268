package dev.modelsigning.signingkey;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The providers of keys that are there, and which key a text names: a path, or a URI whose scheme
 * says who opens it. What providers give is checked before anybody sees it, and every failure of
 * one names it.
 */
public final class KeyProviders {

  private final InstalledProviders providers;

  private KeyProviders(InstalledProviders providers) {
    this.providers = providers;
  }

  /**
   * The providers that are installed: those of this library, for {@code file:} and, with its
   * module, {@code pkcs11:}, and what else {@link java.util.ServiceLoader} finds. One that cannot
   * be loaded does not keep the others from their work. They are looked for once a key is named
   * that may be a URI.
   */
  public static KeyProviders installed() {
    return new KeyProviders(InstalledProviders.byServiceLoader());
  }

  /** These providers, and no others. */
  public static KeyProviders of(KeyProvider... providers) {
    return new KeyProviders(InstalledProviders.of(List.of(providers)));
  }

  /** The schemes of the URIs that can be opened, in order. */
  public SortedSet<String> schemes() {
    return providers.schemes();
  }

  /**
   * The URI that a text is, or nothing if it is a path. A text that begins with a known scheme and
   * a colon is a URI, and so is one that contains {@code ://}; what begins with a dot or a slash is
   * always a path.
   *
   * @throws InvalidKeyException if it is a URI, but damaged, or of a scheme that nobody knows
   */
  public Optional<URI> uri(String text) throws InvalidKeyException {
    int colon = text.indexOf(':');
    if (colon < 1 || text.charAt(0) == '.' || text.charAt(0) == '/') {
      return Optional.empty();
    }
    String scheme = text.substring(0, colon);
    if (!providers.isKnown(scheme)) {
      if (!text.contains("://")) {
        return Optional.empty();
      }
      throw providers.unknown(scheme);
    }
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      // Without the cause, as it shows the text, which may hold a PIN.
      throw new InvalidKeyException(
          "the URI that names the key ("
              + Printable.quote(scheme)
              + ") is damaged at character "
              + (e.getIndex() + 1)
              + ": "
              + e.getReason());
    }
  }

  /**
   * Opens a private key.
   *
   * @param key names exactly one key
   * @param context what the URI does not say
   * @return the key, which the caller closes
   * @throws IOException if a file or service that is needed cannot be reached
   * @throws SigningException if there is no such key, it cannot or may not sign, or not exactly one
   *     provider is there for it or it does not do its work; the message names it
   */
  public SigningKey open(URI key, KeyContext context) throws IOException, SigningException {
    try {
      CheckedProvider provider = providers.only(key);
      providers.warn(context);
      return provider.open(key, context);
    } catch (InvalidKeyException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Reads a public key.
   *
   * @param key names exactly one key
   * @param context what the URI does not say
   * @throws IOException if a file or service that is needed cannot be reached
   * @throws UnusableTrustException if there is no such key, it cannot be had, or not exactly one
   *     provider is there for it or it does not do its work; the message names it
   */
  public PublicKey publicKey(URI key, KeyContext context)
      throws IOException, UnusableTrustException {
    try {
      CheckedProvider provider = providers.only(key);
      providers.warn(context);
      return provider.publicKey(key, context);
    } catch (InvalidKeyException e) {
      throw new UnusableTrustException(Kind.KEY, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Reads a public key, and requires that it is one of a scheme of OMS (4.2).
   *
   * @param key names exactly one key
   * @param context what the URI does not say
   * @throws IOException if a file or service that is needed cannot be reached
   * @throws UnusableTrustException as for {@link #publicKey}, or if the key is not on P-256, P-384
   *     or P-521
   */
  public VerifyingKey verifyingKey(URI key, KeyContext context)
      throws IOException, UnusableTrustException {
    try {
      CheckedProvider provider = providers.only(key);
      providers.warn(context);
      return provider.verifyingKey(key, context);
    } catch (InvalidKeyException e) {
      throw new UnusableTrustException(Kind.KEY, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The files that are read to get at a key, so that nothing is written over them.
   *
   * @throws IOException if that cannot be found out
   * @throws InvalidKeyException if not exactly one provider is there for it, or it does not do its
   *     work; the message names it
   */
  public List<Path> files(URI key, KeyContext context) throws IOException, InvalidKeyException {
    return providers.only(key).files(key, context);
  }
}
