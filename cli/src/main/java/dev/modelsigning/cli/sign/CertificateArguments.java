package dev.modelsigning.cli.sign;

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

  /**
   * Adds whom to trust and who must have signed. The given files are named if the signature can be
   * verified by them; else its authority is one that only the user knows.
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
    // A name that may be taken for one of another kind is none to go by.
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
      // So these files are not those that it is verified by, which is all that is asked here.
      return false;
    }
  }

  /** The certificate in this file and those above it. */
  List<X509Certificate> read(Path certificate) throws IOException, SigningException {
    return CertificateSigner.read(certificate, chain);
  }
}
