package dev.modelsigning.cli.trust;

import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Output;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The trust anchors for certificates, and the expected signer. */
public final class CertificateTrust {

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

  @Option(
      names = "--log-fingerprints",
      negatable = true,
      fallbackValue = "true",
      description = "Print the fingerprints of all certificates to standard error.")
  private @Nullable Boolean logFingerprints;

  /** Whether any option for trust anchors or the expected signer was given. */
  public boolean isGiven() {
    return !chain.isEmpty()
        || !identities.isEmpty()
        || !fingerprints.isEmpty()
        || !revocationLists.isEmpty()
        || verificationTime != null
        || online
        || softFail
        || logFingerprints != null;
  }

  /**
   * Returns the verifier for these options.
   *
   * @param timestamps the trusted Time Stamping Authorities
   * @param network the network settings
   * @param quiet whether fingerprints are not printed
   */
  public CertificateVerifier verifier(
      CommandSpec command, TimestampArguments timestamps, NetworkArguments network, boolean quiet)
      throws IOException, UnusableTrustException {
    if (softFail && !online && revocationLists.isEmpty()) {
      throw new WrongUsage(command, "--revocation-soft-fail needs --crl or --revocation-check");
    }
    if (network.isGiven() && !online) {
      throw new WrongUsage(command, "--ca-file needs --revocation-check");
    }
    network.apply(command);
    CertificateVerifier.Builder builder =
        CertificateVerifier.builder()
            .checkRevocationOnline(online)
            .allowUnknownRevocation(softFail);
    for (Path file : chain) {
      List<X509Certificate> trusted = CertificateFile.read(file);
      builder.trust(trusted);
      log("[  init  ]", trusted, command, quiet);
    }
    builder.pathListener(path -> logPath(path, command, quiet));
    for (Path file : revocationLists) {
      builder.revocationList(file);
    }
    identities.forEach(name -> pin(command, "--certificate-identity", name, builder::identity));
    fingerprints.forEach(
        one -> pin(command, "--certificate-fingerprint", one, builder::fingerprint));
    if (timestamps.isGiven()) {
      builder.timestamps(timestamps.verifier());
    }
    if (verificationTime != null) {
      builder.verificationTime(verificationTime);
    }
    return builder.build();
  }

  private static void pin(
      CommandSpec command, String option, String value, Consumer<String> setting) {
    try {
      setting.accept(value);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, option + ": " + e.getMessage(), e);
    }
  }

  /** As in the Python tool: without the trust anchor, and with the signer's certificate last. */
  private void logPath(List<X509Certificate> path, CommandSpec command, boolean quiet) {
    List<X509Certificate> reversed = new ArrayList<>(path.subList(0, Math.max(1, path.size() - 1)));
    Collections.reverse(reversed);
    log("[ verify ]", reversed, command, quiet);
  }

  private void log(
      String prefix, List<X509Certificate> certificates, CommandSpec command, boolean quiet) {
    if (!Boolean.TRUE.equals(logFingerprints)) {
      return;
    }
    Output output = Program.of(command).output(quiet);
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
