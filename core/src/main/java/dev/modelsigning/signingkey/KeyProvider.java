package dev.modelsigning.signingkey;

import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Opens keys in one kind of storage by their URI. This is an extension point: a jar with a provider
 * names it in {@code META-INF/services/dev.modelsigning.signingkey.KeyProvider} (or in its module
 * descriptor) and has a public constructor without parameters, which should do nothing: it is
 * called whenever a key may be named by a URI, of any scheme. One instance serves all calls,
 * possibly from several threads. {@link KeyProviders} loads it, and checks its results; messages of
 * its exceptions are shown with the name of the provider, and must not contain secrets.
 */
public interface KeyProvider {

  /**
   * The schemes of the URIs that name its keys, in lower case, without a colon, such as {@code
   * pkcs11}; which no other provider may have.
   */
  Set<String> uriSchemes();

  /**
   * Opens a private key. As much as possible is checked here, before a model is hashed: that the
   * key exists, that it may sign, with which scheme, that the secret is right.
   *
   * @param key names exactly one key
   * @param context what the URI does not contain
   * @return the key, which the caller must close
   * @throws IOException if a required file or service cannot be reached
   * @throws SigningException if there is no such key, or it cannot be used or is not permitted to
   *     sign
   */
  SigningKey open(URI key, KeyContext context) throws IOException, SigningException;

  /**
   * Reads a public key. This must not require permission to sign, nor, unless the storage insists,
   * a secret.
   *
   * @param key names exactly one key, in the same way as for {@link #open}
   * @param context what the URI does not contain
   * @throws IOException if a required file or service cannot be reached
   * @throws InvalidKeyException if there is no such key, or it is not available; the exception is
   *     the JDK's, since providers parse keys with the JDK, and is converted for callers
   */
  PublicKey publicKey(URI key, KeyContext context) throws IOException, InvalidKeyException;

  /**
   * The service that {@link #publicKey} asks for a key, for verdicts, since the environment may
   * name it: scheme, host and port count, nothing else is shown. Empty if no service is asked.
   *
   * @param key names the key
   * @param context what the URI does not contain
   * @throws IOException if a required file cannot be read
   * @throws InvalidKeyException if it cannot be determined
   */
  default Optional<URI> service(URI key, KeyContext context)
      throws IOException, InvalidKeyException {
    return Optional.empty();
  }

  /**
   * The files that are read to open a key, so that they are not overwritten.
   *
   * @param key names the key
   * @param context what the URI does not contain
   * @throws IOException if they cannot be determined
   */
  default List<Path> files(URI key, KeyContext context) throws IOException {
    return List.of();
  }
}
