package dev.modelsigning.cli.verify;

import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.trust.NetworkArguments;
import dev.modelsigning.cli.trust.TimestampArguments;
import dev.modelsigning.internal.keyfile.CertificateFile;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Verifies by trusted certificates. */
@Command(
    name = "certificate",
    description = "Verify a model that was signed with an X.509 certificate.",
    footer = {
      "",
      "Everybody to whom a trusted authority gave a certificate for signing can sign; say"
          + " whose signature you expect with --certificate-identity or"
          + " --certificate-fingerprint.",
      "",
      "Certificates must be valid now, or at the time of a time stamp by an authority that"
          + " you trust for that (--tsa-certificate-chain).",
      "",
      "Examples:",
      "  model-signing verify certificate my-model --signature model.sig \\",
      "      --certificate-chain ca.pem \\",
      "      --certificate-identity release@bank.example",
      "  model-signing verify certificate my-model --signature model.sig \\",
      "      --certificate-chain ca.pem --tsa-certificate-chain tsa.pem \\",
      "      --crl ca.crl"
    })
final class VerifyCertificateCommand extends VerificationCommand {

  @Option(
      names = "--certificate-chain",
      paramLabel = "FILE",
      description =
          "Trusted certificates, in PEM or DER: those of authorities, and self-signed ones. Can be"
              + " repeated; a file can hold several. Default: what this Java platform trusts.")
  private List<Path> chain = new ArrayList<>();

  @Option(
      names = "--certificate-identity",
      paramLabel = "NAME",
      description =
          "Who must have signed: the subject, or an e-mail address, host name or URI in the"
              + " certificate, to the letter. Can be repeated, then any will do.")
  private List<String> identities = new ArrayList<>();

  @Option(
      names = "--certificate-fingerprint",
      paramLabel = "SHA256",
      description =
          "Whose certificate must have signed: its SHA-256 fingerprint. Can be repeated, then any"
              + " will do.")
  private List<String> fingerprints = new ArrayList<>();

  @Mixin private TimestampArguments timestamps = new TimestampArguments();

  @Option(
      names = "--verification-time",
      paramLabel = "TIME",
      description =
          "Verify certificates as of this time, in place of now and of time stamps. It proves"
              + " nothing, and the verdict says so.")
  private @Nullable Instant verificationTime;

  @Option(
      names = "--crl",
      paramLabel = "FILE",
      description =
          "A revocation list, in PEM or DER. Can be repeated; every certificate below the trusted"
              + " one must be covered.")
  private List<Path> revocationLists = new ArrayList<>();

  @Option(
      names = "--revocation-check",
      description =
          "Ask the services that the certificates name whether they were revoked (OCSP, CRL).")
  private boolean online;

  @Option(
      names = "--revocation-soft-fail",
      description =
          "With --crl or --revocation-check: accept, with a warning, certificates of which nobody"
              + " can tell whether they were revoked.")
  private boolean softFail;

  @Mixin private NetworkArguments network = new NetworkArguments();

  @Option(
      names = "--log-fingerprints",
      negatable = true,
      fallbackValue = "true",
      description = "Print the fingerprints of all certificates to standard error.")
  private @Nullable Boolean logFingerprints;

  @Override
  CertificateVerifier verifier() throws IOException, UnusableTrustException {
    if (softFail && !online && revocationLists.isEmpty()) {
      throw new WrongUsage(spec(), "--revocation-soft-fail needs --crl or --revocation-check");
    }
    if (network.isGiven() && !online) {
      throw new WrongUsage(spec(), "--ca-file needs --revocation-check");
    }
    network.apply(spec());
    CertificateVerifier.Builder builder =
        CertificateVerifier.builder()
            .checkRevocationOnline(online)
            .allowUnknownRevocation(softFail);
    for (Path file : chain) {
      List<X509Certificate> trusted = CertificateFile.read(file);
      builder.trust(trusted);
      log("[  init  ]", trusted);
    }
    builder.pathListener(this::logPath);
    for (Path file : revocationLists) {
      builder.revocationList(file);
    }
    identities.forEach(name -> pin("--certificate-identity", name, builder::identity));
    fingerprints.forEach(one -> pin("--certificate-fingerprint", one, builder::fingerprint));
    if (timestamps.isGiven()) {
      builder.timestamps(timestamps.verifier());
    }
    if (verificationTime != null) {
      builder.verificationTime(verificationTime);
    }
    return builder.build();
  }

  /** A keyless bundle can have a chain too, and its authority is not one to be trusted here. */
  @Override
  public Optional<String> adviceOnUntrustedCertificate() {
    return adviceOnMethod();
  }

  private void pin(String option, String value, Consumer<String> setting) {
    try {
      setting.accept(value);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(spec(), option + ": " + e.getMessage(), e);
    }
  }

  /**
   * Like the Python tool, without the trusted end of the path, and the signer's certificate last.
   */
  private void logPath(List<X509Certificate> path) {
    List<X509Certificate> reversed = new ArrayList<>(path.subList(0, Math.max(1, path.size() - 1)));
    Collections.reverse(reversed);
    log("[ verify ]", reversed);
  }

  private void log(String prefix, List<X509Certificate> certificates) {
    if (!Boolean.TRUE.equals(logFingerprints)) {
      return;
    }
    Output output = Program.of(spec()).output(quiet());
    for (X509Certificate certificate : certificates) {
      output.note(prefix + " sha256 Fingerprint: " + fingerprint(certificate));
    }
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read has an encoding", e);
    }
  }
}
