package dev.modelsigning.cli.method;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.signing.CertificateIdentity;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** The certificates that are stored with a signature. */
final class CertificateArguments {

  /** The description of {@code --signing-certificate}, which not all commands require. */
  static final String SIGNING_CERTIFICATE =
      "The certificate of the private key, in PEM or DER. Others may follow it.";

  @Option(
      names = "--certificate-chain",
      paramLabel = "FILE",
      description =
          "Certificates of the authorities above, for those who verify. Can be repeated; a file can"
              + " hold several.")
  private List<Path> chain = new ArrayList<>();

  /** The files with intermediate certificates. */
  List<Path> chain() {
    return chain;
  }

  /**
   * Adds the trust anchors and the expected signer. The given files are used if the signature can
   * be verified with them; otherwise the user must supply the authority.
   *
   * @param own the file with the signer's certificate, if it is in one
   */
  void addTrust(SignedPayload signed, ShellCommand command, List<Path> own) {
    List<Path> files = chain.isEmpty() ? own : chain;
    String name = signed.signer().name();
    boolean named = isVerifiedBy(files, signed, builder -> builder.identity(name));
    String fingerprint =
        signed.signer() instanceof CertificateIdentity owner
            ? owner.certificate().fingerprint()
            : "";
    if (named || isVerifiedBy(files, signed, builder -> builder.fingerprint(fingerprint))) {
      files.forEach(file -> command.option("--certificate-chain", file));
    } else {
      command.option("--certificate-chain", "TRUSTED_CERTIFICATES");
    }
    // A name that looks like one of another type is not reliable.
    if (named || (!name.isBlank() && !name.equals(subject(signed.signer())))) {
      command.option("--certificate-identity", name);
    } else {
      command.option("--certificate-fingerprint", fingerprint);
    }
  }

  private static String subject(SignerIdentity signer) {
    return signer instanceof CertificateIdentity owner ? owner.certificate().subject() : "";
  }

  private static boolean isVerifiedBy(
      List<Path> files, SignedPayload signed, UnaryOperator<CertificateVerifier.Builder> pin) {
    if (files.isEmpty()) {
      return false;
    }
    try {
      CertificateVerifier.Builder builder = pin.apply(CertificateVerifier.builder());
      for (Path file : files) {
        builder.trust(CertificateFile.read(file));
      }
      builder.build().verify(signed.bundle());
      return true;
    } catch (IOException
        | UnusableTrustException
        | MalformedBundleException
        | VerificationException
        | IllegalArgumentException e) {
      // The signature cannot be verified with these files, which is the only question here.
      return false;
    }
  }

  /** Reads the certificate in this file and its issuers. */
  List<X509Certificate> read(Path certificate) throws IOException, SigningException {
    return CertificateSigner.read(certificate, chain);
  }
}
