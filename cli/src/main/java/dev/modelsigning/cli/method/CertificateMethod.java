package dev.modelsigning.cli.method;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.keys.KeyArguments;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.keys.PasswordArguments;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Signing with a private key and its certificate. */
public final class CertificateMethod extends SigningMethod {

  @Option(names = "--private-key", paramLabel = "KEY", description = KeyArguments.PRIVATE_KEY)
  private @Nullable KeyName privateKey;

  @Mixin private KeyArguments keys = new KeyArguments();

  @Option(
      names = "--signing-certificate",
      paramLabel = "FILE",
      description = CertificateArguments.SIGNING_CERTIFICATE)
  private @Nullable Path certificate;

  @Mixin private CertificateArguments certificates = new CertificateArguments();

  @Option(
      names = "--keystore",
      paramLabel = "FILE",
      description =
          "A key store (PKCS #12 or JKS) with private key and certificates, in place of"
              + " --private-key and --signing-certificate.")
  private @Nullable Path keyStore;

  @Option(
      names = "--alias",
      paramLabel = "NAME",
      description = "The entry of the key store, if it has several with a private key.")
  private @Nullable String alias;

  @Mixin private PasswordArguments password = new PasswordArguments();

  @Mixin private TimestampingArguments timestamp = new TimestampingArguments();

  @Override
  public void requireUsage() {
    if (keyStore != null && (privateKey != null || certificate != null)) {
      throw new WrongUsage(
          spec(), "--keystore excludes --private-key and --signing-certificate, as it has both");
    }
    if (keyStore == null && (privateKey == null || certificate == null)) {
      throw new WrongUsage(
          spec(), "give both --private-key and --signing-certificate, or --keystore");
    }
    if (keyStore == null && alias != null) {
      throw new WrongUsage(spec(), "--alias needs --keystore");
    }
  }

  @Override
  public List<List<Path>> inputs(boolean quiet) throws IOException, SigningException {
    KeyContext context = context(quiet);
    return List.of(
        Stream.of(certificate, keyStore)
            .filter(Objects::nonNull)
            .map(Objects::requireNonNull)
            .toList(),
        privateKey == null ? List.of() : keys.files(privateKey, context),
        certificates.chain(),
        password.files(),
        timestamp.files());
  }

  @Override
  public Stream<Secret> secrets(ModelHasher hasher, boolean quiet)
      throws IOException, SigningException {
    Stream<Secret> key =
        privateKey == null
            ? Stream.empty()
            : Secret.in(
                privateKey.secretContent(), keys.secretFiles(privateKey, context(quiet)), hasher);
    List<Path> stores = keyStore == null ? List.of() : List.of(keyStore);
    return Stream.of(
            key,
            Secret.in("key store", stores, hasher),
            Secret.in("password", password.files(), hasher))
        .flatMap(Function.identity());
  }

  @Override
  public void open(boolean quiet, Use use)
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          VerificationException {
    KeyContext context = context(quiet);
    UnaryOperator<PayloadSigner> stamping = timestamp.stamping(spec());
    if (keyStore != null) {
      CertificateSigner stored =
          CertificateSigner.loadKeyStore(keyStore, alias, certificates.chain(), context.secrets());
      use.with(stamping.apply(stored), stored::ownVerifier);
      return;
    }
    // Before the user is asked for a password or a PIN.
    List<X509Certificate> chain = certificates.read(Objects.requireNonNull(certificate));
    try (SigningKey key = keys.open(Objects.requireNonNull(privateKey), context)) {
      CertificateSigner signer = CertificateSigner.using(key, chain);
      use.with(stamping.apply(signer), signer::ownVerifier);
    }
  }

  @Override
  public void addTrust(SignedPayload signed, ShellCommand command) {
    certificates.addTrust(signed, command, certificate == null ? List.of() : List.of(certificate));
    timestamp.addTrust(command);
  }

  private KeyContext context(boolean quiet) {
    return keys.context(password.source(spec()), spec(), quiet);
  }
}
