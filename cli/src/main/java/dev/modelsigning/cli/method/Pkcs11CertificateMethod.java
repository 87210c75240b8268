package dev.modelsigning.cli.method;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.pkcs11.Pkcs11Arguments;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Signing with a private key on a hardware token and its certificate. */
public final class Pkcs11CertificateMethod extends SigningMethod {

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
  public void requireUsage() {
    token.require(spec());
  }

  @Override
  public List<List<Path>> inputs(boolean quiet) throws IOException, SigningException {
    return List.of(
        List.of(certificate()), certificates.chain(), token.files(spec()), timestamp.files());
  }

  @Override
  public Stream<Secret> secrets(ModelHasher hasher, boolean quiet)
      throws IOException, SigningException {
    return Secret.in("PIN", token.pinFiles(spec()), hasher);
  }

  @Override
  public void open(boolean quiet, Use use)
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          VerificationException {
    // Before a PIN is tried.
    List<X509Certificate> chain = certificates.read(certificate());
    UnaryOperator<PayloadSigner> stamping = timestamp.stamping(spec());
    try (SigningKey key = token.open(spec(), quiet)) {
      CertificateSigner signer = CertificateSigner.using(key, chain);
      use.with(stamping.apply(signer), signer::ownVerifier);
    }
  }

  @Override
  public void addTrust(SignedPayload signed, ShellCommand command) {
    certificates.addTrust(signed, command, List.of(certificate()));
    timestamp.addTrust(command);
  }

  private Path certificate() {
    return Objects.requireNonNull(certificate);
  }
}
