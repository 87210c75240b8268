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
 * A set of key providers, and the interpretation of the name of a key: a path, or a URI whose
 * scheme selects the provider. Results of providers are checked before they are returned, and every
 * failure of a provider names it.
 */
public final class KeyProviders {

  private final InstalledProviders providers;

  private KeyProviders(InstalledProviders providers) {
    this.providers = providers;
  }

  /**
   * The installed providers: those of this library, for {@code file:} and, with its module, {@code
   * pkcs11:}, and others that {@link java.util.ServiceLoader} finds. A provider that cannot be
   * loaded does not affect the others. They are loaded when a key is named that may be a URI.
   */
  public static KeyProviders installed() {
    return new KeyProviders(InstalledProviders.byServiceLoader());
  }

  /** These providers, and no others. */
  public static KeyProviders of(KeyProvider... providers) {
    return new KeyProviders(InstalledProviders.of(List.of(providers)));
  }

  /** The URI schemes of all providers, sorted. */
  public SortedSet<String> schemes() {
    return providers.schemes();
  }

  /**
   * Returns a text as a URI, or empty if it is a path. A text that begins with a known scheme and a
   * colon is a URI, and so is one that contains {@code ://}; a text that begins with a dot or a
   * slash is always a path.
   *
   * @throws InvalidKeyException if it is a malformed URI, or one with an unknown scheme
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
    if (text.endsWith("://")) {
      throw new InvalidKeyException(
          "the URI that names the key ("
              + Printable.quote(scheme)
              + ") has no name in it; write that of the key after "
              + Printable.quote(text));
    }
    try {
      return Optional.of(new URI(text));
    } catch (URISyntaxException e) {
      // Without the cause, which shows the text, and that may contain a PIN.
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
   * @param context what the URI does not contain
   * @return the key, which the caller must close
   * @throws IOException if a required file or service cannot be reached
   * @throws SigningException if there is no such key, it cannot be used or is not permitted to
   *     sign, there is not exactly one provider for it, or the provider fails; the message names
   *     the provider
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
   * @param context what the URI does not contain
   * @throws IOException if a required file or service cannot be reached
   * @throws UnusableTrustException if there is no such key, it is not available, there is not
   *     exactly one provider for it, or the provider fails; the message names the provider
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
   * Reads a public key, and requires that its scheme is one of OMS (4.2).
   *
   * @param key names exactly one key
   * @param context what the URI does not contain
   * @throws IOException if a required file or service cannot be reached
   * @throws UnusableTrustException as for {@link #publicKey}, or if the key is not on P-256, P-384
   *     or P-521
   */
  public VerifyingKey verifyingKey(URI key, KeyContext context)
      throws IOException, UnusableTrustException {
    return verifyingKey(key, context, false);
  }

  /**
   * Like {@link #verifyingKey}, and accepts keys for ML-DSA too. OMS does not have those (4.2), so
   * whoever uses the key must ask for its scheme.
   */
  public VerifyingKey verifyingKeyBeyondOms(URI key, KeyContext context)
      throws IOException, UnusableTrustException {
    return verifyingKey(key, context, true);
  }

  private VerifyingKey verifyingKey(URI key, KeyContext context, boolean beyondOms)
      throws IOException, UnusableTrustException {
    try {
      CheckedProvider provider = providers.only(key);
      providers.warn(context);
      return provider.verifyingKey(key, context, beyondOms);
    } catch (InvalidKeyException e) {
      throw new UnusableTrustException(Kind.KEY, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The files that are read to open a key, so that they are not overwritten.
   *
   * @throws IOException if they cannot be determined
   * @throws InvalidKeyException if there is not exactly one provider for it, or the provider fails;
   *     the message names the provider
   */
  public List<Path> files(URI key, KeyContext context) throws IOException, InvalidKeyException {
    return providers.only(key).files(key, context);
  }
}
