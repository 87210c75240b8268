package dev.modelsigning.maven.method;

import dev.modelsigning.SignedModel;
import dev.modelsigning.certificate.CertificateSigner;
import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.maven.build.Build;
import dev.modelsigning.maven.build.Values;
import dev.modelsigning.maven.build.WrongParameterException;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.SigningKey;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The element {@code <certificate>}: a private key with an X.509 certificate. */
public final class CertificateMethod extends LocalKey {

  private @Nullable File signingCertificate;
  private @Nullable File keystore;
  private @Nullable String alias;
  private @Nullable List<File> certificateChain;
  private @Nullable List<String> certificateIdentities;
  private @Nullable List<String> certificateFingerprints;
  private @Nullable String verificationTime;
  private @Nullable List<File> crls;
  private @Nullable String revocationCheck;
  private @Nullable String revocationSoftFail;

  /** Called by Maven, which then sets the fields. */
  public CertificateMethod() {}

  @Override
  String element() {
    return "certificate";
  }

  /**
   * A build never uses the trust anchors of the Java platform, unlike the command line: they differ
   * between machines.
   */
  @Override
  public BundleVerifier verifier(Build build)
      throws IOException, UnusableTrustException, WrongParameterException {
    List<Path> chain = chain();
    List<Path> lists = lists();
    boolean online = Values.flag(parameter("revocationCheck"), revocationCheck, false);
    boolean softFail = Values.flag(parameter("revocationSoftFail"), revocationSoftFail, false);
    if (chain.isEmpty()) {
      throw new WrongParameterException(
          parameter("certificateChain"), "is missing: files with the certificates to trust");
    }
    if (softFail && !online && lists.isEmpty()) {
      throw new WrongParameterException(
          parameter("revocationSoftFail"), "needs <crls> or <revocationCheck>");
    }
    if (online) {
      build.requireOnline(parameter("revocationCheck"));
    }
    CertificateVerifier.Builder builder =
        CertificateVerifier.builder()
            .checkRevocationOnline(online)
            .allowUnknownRevocation(softFail);
    for (Path file : chain) {
      builder.trust(file);
    }
    for (Path file : lists) {
      builder.revocationList(file);
    }
    for (String name : Values.list(parameter("certificateIdentities"), certificateIdentities)) {
      try {
        builder.identity(name);
      } catch (IllegalArgumentException e) {
        throw new WrongParameterException(
            parameter("certificateIdentities"), String.valueOf(e.getMessage()));
      }
    }
    for (String one : Values.list(parameter("certificateFingerprints"), certificateFingerprints)) {
      try {
        builder.fingerprint(one);
      } catch (IllegalArgumentException e) {
        throw new WrongParameterException(
            parameter("certificateFingerprints"), String.valueOf(e.getMessage()));
      }
    }
    timestamps().ifPresent(builder::timestamps);
    if (verificationTime != null) {
      builder.verificationTime(Values.time(parameter("verificationTime"), verificationTime));
    }
    return builder.build();
  }

  @Override
  SignedModel sign(Build build, Signing signing, KeyContext context)
      throws IOException, SigningException, WrongParameterException {
    if (keystore != null) {
      if (hasPrivateKey() || signingCertificate != null) {
        throw new WrongParameterException(
            parameter("keystore"),
            "excludes <privateKey> and <signingCertificate>, as it has both");
      }
      return signing.by(
          CertificateSigner.loadKeyStore(keystore.toPath(), alias, chain(), context.secrets()));
    }
    if (alias != null) {
      throw new WrongParameterException(parameter("alias"), "needs <keystore>");
    }
    Path certificate =
        Values.required(
                parameter("signingCertificate"),
                signingCertificate,
                "the file with the certificate of <privateKey>; or give <keystore>")
            .toPath();
    Optional<URI> uri = uri("privateKey", privateKey());
    if (uri.isEmpty()) {
      return signing.by(
          CertificateSigner.load(
              path("privateKey", privateKey(), build), certificate, chain(), context.secrets()));
    }
    // Checked before a PIN is used.
    List<X509Certificate> certificates = CertificateSigner.read(certificate, chain());
    try (SigningKey key = providers().open(uri.get(), context)) {
      return signing.by(CertificateSigner.using(key, certificates));
    }
  }

  private List<Path> chain() throws WrongParameterException {
    return Values.files(parameter("certificateChain"), certificateChain);
  }

  private List<Path> lists() throws WrongParameterException {
    return Values.files(parameter("crls"), crls);
  }

  @Override
  void addInputs(Build build, List<Path> inputs) throws WrongParameterException {
    inputs.addAll(chain());
    inputs.addAll(lists());
    if (signingCertificate != null) {
      inputs.add(signingCertificate.toPath());
    }
    if (keystore != null) {
      inputs.add(keystore.toPath());
    }
  }
}
