package dev.modelsigning.cli.keys;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.internal.keyfile.KeyFile;
import dev.modelsigning.internal.keyfile.PrivateKeyFile;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.pkcs11.Pkcs11KeyProvider;
import dev.modelsigning.pkcs11.Pkcs11Uri;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.UnusableTrustException.Kind;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProviders;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How to access a key that is named by a path or URI, in addition to the URI. */
public final class KeyArguments {

  /** The description of {@code --private-key}, which not all commands require. */
  public static final String PRIVATE_KEY =
      "The private key: a file in PEM (PKCS #8 or SEC 1), or a URI such as"
          + " pkcs11:token=release;object=models, hashivault://models or awskms:///alias/models.";

  /** The description of {@code --public-key}, which not all commands require. */
  public static final String PUBLIC_KEY =
      "The public key, on P-256, P-384 or P-521: a file in PEM, or a URI such as"
          + " pkcs11:token=release;id=%%01, hashivault://models or awskms:///alias/models. A file or"
          + " directory with several keys is accepted too: any of them may have signed.";

  @Option(
      names = "--module-path",
      paramLabel = "FILE",
      description =
          "For a key on a token: the PKCS #11 module, or a directory with the one that the URI"
              + " names. Default: what the URI says, else p11-kit.")
  private @Nullable Path module;

  private final KeyProviders providers = KeyProviders.installed();

  /** Whether a module was given. */
  public boolean isGiven() {
    return module != null;
  }

  /** The files that are read to open a key, so that the signature does not overwrite one. */
  public List<Path> files(KeyName key, KeyContext context) throws IOException, SigningException {
    try {
      Optional<URI> uri = providers.uri(key.text());
      return uri.isEmpty() ? List.of(key.path()) : providers.files(uri.get(), context);
    } catch (InvalidKeyException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Those of the {@link #files} that contain the key or a secret: not the modules of tokens. For a
   * key at a service they are the files with the credentials for it.
   */
  public List<Path> secretFiles(KeyName key, KeyContext context)
      throws IOException, SigningException {
    if (key.isAtService()) {
      return files(key, context).stream().filter(file -> !hasCertificates(file)).toList();
    }
    return key.isOnToken()
        ? Pkcs11Uri.parse(key.text()).pinFile().stream().toList()
        : files(key, context);
  }

  /** Whether a file has certificates, as those have that are trusted for TLS. */
  private static boolean hasCertificates(Path file) {
    try {
      return !CertificateFile.read(file).isEmpty();
    } catch (IOException | UnusableTrustException e) {
      return false; // something else, perhaps a secret
    }
  }

  /** Opens a private key. */
  public SigningKey open(KeyName key, KeyContext context) throws IOException, SigningException {
    try {
      Optional<URI> uri = providers.uri(key.text());
      return uri.isEmpty()
          ? PrivateKeyFile.readAny(key.path(), context.secrets())
          : providers.open(uri.get(), context);
    } catch (InvalidKeyException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Returns a verifier for a public key, or for several of which any may have signed, in a file or
   * directory.
   */
  public KeyVerifier verifier(KeyName key, KeyContext context)
      throws IOException, UnusableTrustException {
    return verifier(key, context, false);
  }

  /**
   * Like {@link #verifier(KeyName, KeyContext)}.
   *
   * @param beyondOms whether keys for ML-DSA are accepted too, which OMS does not have
   */
  KeyVerifier verifier(KeyName key, KeyContext context, boolean beyondOms)
      throws IOException, UnusableTrustException {
    try {
      Optional<URI> uri = providers.uri(key.text());
      if (uri.isEmpty()) {
        return beyondOms ? KeyVerifier.loadBeyondOms(key.path()) : KeyVerifier.load(key.path());
      }
      return KeyVerifier.using(
          beyondOms
              ? providers.verifyingKeyBeyondOms(uri.get(), context)
              : providers.verifyingKey(uri.get(), context));
    } catch (InvalidKeyException e) {
      throw new UnusableTrustException(Kind.KEY, String.valueOf(e.getMessage()), e);
    }
  }

  /** Reads a public key, or the public key of a private key in a file. */
  VerifyingKey anyPublicKey(KeyName key, KeyContext context)
      throws IOException, SigningException, UnusableTrustException {
    try {
      Optional<URI> uri = providers.uri(key.text());
      return uri.isEmpty()
          ? KeyFile.publicKey(key.path(), context.secrets())
          : providers.verifyingKeyBeyondOms(uri.get(), context);
    } catch (InvalidKeyException e) {
      throw new UnusableTrustException(Kind.KEY, String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The context for opening a key, in addition to its URI.
   *
   * @param passwords supplies the password of a file
   */
  public KeyContext context(SecretSource passwords, CommandSpec command, boolean quiet) {
    Output output = Program.of(command).output(quiet);
    KeyContext context =
        KeyContext.withDefaults()
            .withFindings(output::finding)
            .withEnvironment(Program.of(command).environment())
            .withSecrets(request ->
                request.kind() == SecretSource.Kind.PIN
                    ? Pin.of(request, command)
                    : passwords.secret(request));
    return module == null
        ? context
        : context.withOption(Pkcs11KeyProvider.MODULE_PATH, module.toString());
  }
}
