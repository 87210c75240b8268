package dev.modelsigning.cli.sign;

import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.pkcs11.Pkcs11Arguments;
import dev.modelsigning.signingkey.SigningKey;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Signs with a private key on a hardware token and its certificate. */
@Command(
    name = "pkcs11-certificate",
    description =
        "Sign a model with a private key on P-256, P-384 or P-521 on a hardware token (PKCS #11)"
            + " and its X.509 certificate.",
    footer = {
      "",
      "'verify certificate' verifies it. The certificate must be valid now and allow",
      "signing, as for 'sign certificate'. The PIN is tried once, before the model is",
      "hashed.",
      "",
      "Example:",
      "  model-signing sign pkcs11-certificate my-model \\",
      "      --pkcs11-uri 'pkcs11:token=release;object=models' \\",
      "      --signing-certificate cert.pem --certificate-chain ca.pem"
    })
final class SignPkcs11CertificateCommand implements Task {

  @Spec private CommandSpec spec;

  @Mixin private SignArguments signing = new SignArguments();

  @Mixin private Pkcs11Arguments token = new Pkcs11Arguments();

  @Option(
      names = "--signing-certificate",
      paramLabel = "FILE",
      required = true,
      description = "The certificate of the private key, in PEM or DER. Others may follow it.")
  private @Nullable Path certificate;

  @Option(
      names = "--certificate-chain",
      paramLabel = "FILE",
      description =
          "Certificates of the authorities above, for those who verify. Can be repeated; a file can"
              + " hold several.")
  private List<Path> chain = new ArrayList<>();

  @Mixin private TimestampingArguments timestamp = new TimestampingArguments();

  @Override
  public Integer call() throws Exception {
    token.require(spec);
    Path first = Objects.requireNonNull(certificate);
    signing.requirePlace(List.of(first), chain, token.files(spec), timestamp.files());
    // Before a PIN is tried.
    List<X509Certificate> certificates = CertificateSigner.read(first, chain);
    try (SigningKey key = token.open(spec, quiet())) {
      signing.sign(timestamp.stamping(CertificateSigner.using(key, certificates), spec), spec);
    }
    return 0;
  }

  @Override
  public String failure() {
    return "Signing failed with error";
  }

  @Override
  public boolean quiet() {
    return signing.quiet();
  }
}
