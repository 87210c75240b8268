package dev.modelsigning.cli.sign;

import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The certificates that go with a signature. */
final class CertificateArguments {

  /** What {@code --signing-certificate} is, which not all commands demand. */
  static final String SIGNING_CERTIFICATE =
      "The certificate of the private key, in PEM or DER. Others may follow it.";

  @Option(
      names = "--certificate-chain",
      paramLabel = "FILE",
      description =
          "Certificates of the authorities above, for those who verify. Can be repeated; a file can"
              + " hold several.")
  private List<Path> chain = new ArrayList<>();

  /** The files of the authorities above. */
  List<Path> chain() {
    return chain;
  }

  /** The certificate in this file and those above it. */
  List<X509Certificate> read(Path certificate) throws IOException, SigningException {
    return CertificateSigner.read(certificate, chain);
  }
}
