package dev.modelsigning.cli.sign;

import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.pkcs11.Pkcs11Arguments;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Signs with a private key on a hardware token and its certificate. */
@Command(
    name = "pkcs11-certificate",
    description =
        "Sign a model with a private key on P-256, P-384 or P-521 on a hardware token (PKCS #11)"
            + " and its X.509 certificate.",
    footer = {
      "",
      "'verify certificate' verifies it. The certificate must be valid now and allow"
          + " signing, as for 'sign certificate'. The PIN is tried once, before the model is"
          + " hashed.",
      "",
      "Example:",
      "  model-signing sign pkcs11-certificate my-model \\",
      "      --pkcs11-uri 'pkcs11:token=release;object=models' \\",
      "      --signing-certificate cert.pem --certificate-chain ca.pem"
    })
final class SignPkcs11CertificateCommand extends SigningCommand {

  @Mixin private Pkcs11Arguments token = new Pkcs11Arguments();

  @Option(
      names = "--signing-certificate",
      paramLabel = "FILE",
      required = true,
      description = CertificateArguments.SIGNING_CERTIFICATE)
  private @Nullable Path certificate;

  @Mixin private CertificateArguments certificates = new CertificateArguments();

  @Mixin private TimestampingArguments timestamp = new TimestampingArguments();

  @Override
  void requireUsage() {
    token.require(spec());
  }

  @Override
  List<List<Path>> inputs() throws IOException, SigningException {
    return List.of(
        List.of(certificate()), certificates.chain(), token.files(spec()), timestamp.files());
  }

  @Override
  Stream<Secret> secrets(ModelHasher hasher) throws IOException, SigningException {
    return Secret.in("PIN", token.pinFiles(spec()), hasher);
  }

  @Override
  void sign() throws IOException, UnusableTrustException, SigningException {
    // Before a PIN is tried.
    List<X509Certificate> chain = certificates.read(certificate());
    UnaryOperator<PayloadSigner> stamping = timestamp.stamping(spec());
    try (SigningKey key = token.open(spec(), quiet())) {
      sign(stamping.apply(CertificateSigner.using(key, chain)));
    }
  }

  @Override
  void addTrust(SignedPayload signed, ShellCommand command) {
    certificates.addTrust(signed, command, List.of(certificate()));
    timestamp.addTrust(command);
  }

  private Path certificate() {
    return Objects.requireNonNull(certificate);
  }
}
