package dev.modelsigning.signingkey;

import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.List;
import java.util.Set;

/**
 * Opens keys of one kind of place by their URI. This is an extension point: a jar with a provider
 * names it in {@code META-INF/services/dev.modelsigning.signingkey.KeyProvider} (or in its module
 * descriptor) and has a public constructor without parameters, which should do nothing: it is
 * called whenever a key may be named by a URI, whoever's that is. One object serves all calls,
 * possibly of several threads. {@link KeyProviders} finds it, and checks what it gives; messages of
 * exceptions are shown, with the name of the provider, and so must not repeat a secret.
 */
public interface KeyProvider {

  /**
   * The schemes of the URIs that name its keys, in lower case, without a colon, such as {@code
   * pkcs11}; never one that another provider has.
   */
  Set<String> uriSchemes();

  /**
   * Opens a private key. What can be found out is found out here, before a model is hashed: that
   * the key exists, that it may sign, by which scheme, that the secret is right.
   *
   * @param key names exactly one key
   * @param context what the URI does not say
   * @return the key, which the caller closes
   * @throws IOException if a file or service that is needed cannot be reached
   * @throws SigningException if there is no such key, or it cannot or may not sign
   */
  SigningKey open(URI key, KeyContext context) throws IOException, SigningException;

  /**
   * Reads a public key. This must need neither the right to sign nor, where the place does not
   * insist, a secret.
   *
   * @param key names exactly one key, in the same way as for {@link #open}
   * @param context what the URI does not say
   * @throws IOException if a file or service that is needed cannot be reached
   * @throws InvalidKeyException if there is no such key, or it cannot be had; the exception is the
   *     JDK's, as providers read keys with the JDK, and callers get one of ours
   */
  PublicKey publicKey(URI key, KeyContext context) throws IOException, InvalidKeyException;

  /**
   * The files that are read to get at a key, so that nothing is written over them.
   *
   * @param key names the key
   * @param context what the URI does not say
   * @throws IOException if that cannot be found out
   */
  default List<Path> files(URI key, KeyContext context) throws IOException {
    return List.of();
  }
}
