package dev.modelsigning.signingkey;

import dev.modelsigning.json.Printable;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A provider whose failures name it, whatever they are, and whose answers are looked at. */
final class CheckedProvider {

  /** The built-in providers, whose messages say enough without their names. */
  private static final Set<String> BUILT_IN =
      Set.of(
          "dev.modelsigning.keyfile.FileKeyProvider", "dev.modelsigning.pkcs11.Pkcs11KeyProvider");

  private final KeyProvider provider;

  CheckedProvider(KeyProvider provider) {
    this.provider = provider;
  }

  /** What it is called in messages. */
  String name() {
    return "the key provider " + provider.getClass().getName();
  }

  private boolean isBuiltIn() {
    return BUILT_IN.contains(provider.getClass().getName());
  }

  /** Its schemes, as it gives them. */
  Set<String> schemes() throws InvalidKeyException {
    try {
      return Set.copyOf(checked("uriSchemes", provider::uriSchemes));
    } catch (IOException | SigningException | NullPointerException e) {
      throw new InvalidKeyException(String.valueOf(e.getMessage()), e);
    }
  }

  SigningKey open(URI key, KeyContext context) throws IOException, SigningException {
    try {
      SigningKey opened = checked("open", () -> provider.open(key, context));
      return isBuiltIn() ? opened : CheckedKey.of(opened, this, context);
    } catch (InvalidKeyException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }

  PublicKey publicKey(URI key, KeyContext context) throws IOException, InvalidKeyException {
    try {
      return checked("publicKey", () -> provider.publicKey(key, context));
    } catch (SigningException e) {
      throw new InvalidKeyException(String.valueOf(e.getMessage()), e);
    }
  }

  List<Path> files(URI key, KeyContext context) throws IOException, InvalidKeyException {
    try {
      return List.copyOf(checked("files", () -> provider.files(key, context)));
    } catch (SigningException e) {
      throw new InvalidKeyException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Work of somebody else's code, which may throw whatever it likes. */
  @FunctionalInterface
  interface Work<T> {
    @Nullable T result() throws Exception;
  }

  /**
   * The result of a method of a provider, or of its key.
   *
   * @param method its name, for messages
   * @throws SigningException if it returns null, or throws something that it must not
   */
  <T> T checked(String method, Work<T> work)
      throws IOException, SigningException, InvalidKeyException {
    T result;
    try {
      result = work.result();
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      throw isBuiltIn() ? e : new IOException(named(e), e);
    } catch (SigningException e) {
      throw isBuiltIn() ? e : new SigningException(named(e), e);
    } catch (InvalidKeyException e) {
      throw isBuiltIn() ? e : new InvalidKeyException(named(e), e);
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      throw new SigningException(
          name() + " failed in " + method + ": " + words(String.valueOf(e)), e);
    }
    if (result == null) {
      throw new SigningException(name() + " returned null from " + method);
    }
    return result;
  }

  private static String words(String message) {
    return Printable.brief(message, InstalledProviders.MOST_WORDS);
  }

  private String named(Exception e) {
    return name() + ": " + words(String.valueOf(e.getMessage()));
  }
}
