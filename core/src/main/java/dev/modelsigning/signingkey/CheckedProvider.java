package dev.modelsigning.signingkey;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Wraps a provider: its failures are reported with its name, and its results are checked. */
final class CheckedProvider {

  /** The built-in providers, whose messages need no name of a provider. */
  private static final Set<String> BUILT_IN =
      Set.of(
          "dev.modelsigning.internal.keyfile.FileKeyProvider",
          "dev.modelsigning.kms.aws.AwsKeyProvider",
          "dev.modelsigning.kms.vault.VaultKeyProvider",
          "dev.modelsigning.pkcs11.Pkcs11KeyProvider");

  private final KeyProvider provider;

  CheckedProvider(KeyProvider provider) {
    this.provider = provider;
  }

  /** The name of the provider in messages. */
  String name() {
    return "the key provider " + provider.getClass().getName();
  }

  private boolean isBuiltIn() {
    return BUILT_IN.contains(provider.getClass().getName());
  }

  /**
   * Its schemes.
   *
   * @throws InvalidKeyException if it returns none, or an invalid URI scheme
   */
  Set<String> schemes() throws InvalidKeyException {
    Set<String> schemes;
    try {
      schemes = checked("uriSchemes", () -> copy(provider.uriSchemes()));
    } catch (IOException | SigningException e) {
      throw new InvalidKeyException(String.valueOf(e.getMessage()), e);
    }
    if (schemes.isEmpty()) {
      throw new InvalidKeyException(name() + " cannot be used: it names no scheme");
    }
    for (String scheme : schemes) {
      if (!InstalledProviders.isScheme(scheme) || !scheme.equals(scheme.toLowerCase(Locale.ROOT))) {
        throw new InvalidKeyException(
            name()
                + " cannot be used: expected schemes of at least two lower-case letters, digits,"
                + " '+', '.' or '-', found "
                + Printable.quote(scheme));
      }
    }
    return schemes;
  }

  /** The set is the provider's own code too, so it is iterated where failures name the provider. */
  private static @Nullable Set<String> copy(@Nullable Set<String> schemes) {
    return schemes == null ? null : Set.copyOf(schemes);
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
    return unsigned("publicKey", () -> provider.publicKey(key, context));
  }

  /** Returns the public key, which must have a scheme of OMS, or ML-DSA if that is accepted. */
  VerifyingKey verifyingKey(URI key, KeyContext context, boolean beyondOms)
      throws IOException, InvalidKeyException {
    PublicKey given = publicKey(key, context);
    VerifyingKey usable = unsigned("publicKey", () -> usable(given, beyondOms));
    return usable.from(unsigned("service", () -> provider.service(key, context)));
  }

  private static VerifyingKey usable(PublicKey key, boolean beyondOms) throws InvalidKeyException {
    return beyondOms && String.valueOf(key.getAlgorithm()).startsWith("ML-DSA")
        ? VerifyingKey.of(key, MlDsaScheme.of(key))
        : VerifyingKey.of(key);
  }

  List<Path> files(URI key, KeyContext context) throws IOException, InvalidKeyException {
    return unsigned("files", () -> copy(provider.files(key, context)));
  }

  private static @Nullable List<Path> copy(@Nullable List<Path> files) {
    return files == null ? null : List.copyOf(files);
  }

  /** The result of a method that does not sign. */
  private <T> T unsigned(String method, Work<T> work) throws IOException, InvalidKeyException {
    try {
      return checked(method, work);
    } catch (SigningException e) {
      throw new InvalidKeyException(String.valueOf(e.getMessage()), e);
    }
  }

  /** A call of third-party code, which may throw anything. */
  @FunctionalInterface
  interface Work<T> {
    @Nullable T result() throws Exception;
  }

  /**
   * Calls a method of a provider, or of its key.
   *
   * @param method its name, for messages
   * @throws SigningException if it returns null, or throws an exception that is not allowed
   */
  <T> T checked(String method, Work<T> work)
      throws IOException, SigningException, InvalidKeyException {
    T result;
    try {
      result = work.result();
    } catch (InterruptedIOException e) {
      throw isBuiltIn() ? e : interrupted(e);
    } catch (IOException e) {
      throw isBuiltIn() ? e : new IOException(named(e), e);
    } catch (SigningException e) {
      throw isBuiltIn() ? e : new SigningException(named(e), e);
    } catch (InvalidKeyException e) {
      throw isBuiltIn() ? e : new InvalidKeyException(named(e), e);
    } catch (Throwable e) {
      // An error in its code, such as one from a library that it uses, fails this call only.
      if (e instanceof VirtualMachineError error && !(e instanceof StackOverflowError)) {
        throw error;
      }
      throw new SigningException(
          name() + " failed in " + method + ": " + words(String.valueOf(e)), e);
    }
    if (result == null) {
      throw new SigningException(name() + " returned null from " + method);
    }
    return result;
  }

  /** Preserves an interrupt; time-outs of services have the same exception class. */
  private InterruptedIOException interrupted(InterruptedIOException e) {
    InterruptedIOException named = new InterruptedIOException(named(e));
    named.initCause(e);
    return named;
  }

  private static String words(String message) {
    return Printable.brief(message, InstalledProviders.MOST_WORDS);
  }

  private String named(Exception e) {
    return name() + ": " + words(String.valueOf(e.getMessage()));
  }
}
