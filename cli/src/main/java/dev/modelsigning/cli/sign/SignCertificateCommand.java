package dev.modelsigning.cli.sign;

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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Signs with a private key and its certificate. */
@Command(
    name = "certificate",
    description =
        "Sign a model with a private key on P-256, P-384 or P-521 and its X.509 certificate.",
    footer = {
      "",
      "The certificate must be valid now and allow signing: digitalSignature in its key"
          + " usage, codeSigning in its extended key usage, or both. Have the signature stamped"
          + " (--tsa-url) if it is to be verified after the certificate has expired.",
      "",
      "The password is taken from --password, --password-file or the variable"
          + " MODEL_SIGNING_PASSWORD, or asked for on a terminal.",
      "",
      "The PIN of a token is taken from the file that the URI names (pin-source) or the"
          + " variable PKCS11_PIN, or asked for. It is tried once, before the model is hashed.",
      "",
      "Examples:",
      "  model-signing sign certificate my-model --private-key key.pem \\",
      "      --signing-certificate cert.pem --certificate-chain ca.pem",
      "  model-signing sign certificate my-model --keystore release.p12 \\",
      "      --password-file password.txt --tsa-url https://tsa.example/api"
    })
final class SignCertificateCommand extends SigningCommand {

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
  void requireUsage() {
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
  List<List<Path>> inputs() throws IOException, SigningException {
    KeyContext context = context();
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
  Stream<Secret> secrets(ModelHasher hasher) throws IOException, SigningException {
    Stream<Secret> key =
        privateKey == null
            ? Stream.empty()
            : Secret.in(
                privateKey.secretContent(), keys.secretFiles(privateKey, context()), hasher);
    List<Path> stores = keyStore == null ? List.of() : List.of(keyStore);
    return Stream.of(
            key,
            Secret.in("key store", stores, hasher),
            Secret.in("password", password.files(), hasher))
        .flatMap(Function.identity());
  }

  @Override
  void sign() throws IOException, UnusableTrustException, SigningException {
    KeyContext context = context();
    UnaryOperator<PayloadSigner> stamping = timestamp.stamping(spec());
    if (keyStore != null) {
      sign(
          stamping.apply(
              CertificateSigner.loadKeyStore(
                  keyStore, alias, certificates.chain(), context.secrets())));
      return;
    }
    // Before the user is asked for a password or a PIN.
    List<X509Certificate> chain = certificates.read(Objects.requireNonNull(certificate));
    try (SigningKey key = keys.open(Objects.requireNonNull(privateKey), context)) {
      sign(stamping.apply(CertificateSigner.using(key, chain)));
    }
  }

  @Override
  void addTrust(SignedPayload signed, ShellCommand command) {
    certificates.addTrust(signed, command, certificate == null ? List.of() : List.of(certificate));
    timestamp.addTrust(command);
  }

  private KeyContext context() {
    return keys.context(password.source(spec()), spec(), quiet());
  }
}
