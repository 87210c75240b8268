package dev.modelsigning.cli.method;

import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.trust.SigstoreArguments;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.sigstore.ClientTrustConfig;
import dev.modelsigning.sigstore.IdentityToken;
import dev.modelsigning.sigstore.IdentityTokenSource;
import dev.modelsigning.sigstore.SigstoreSigner;
import dev.modelsigning.sigstore.SigstoreVerifier;
import dev.modelsigning.sigstore.TrustedRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keyless signing, with Sigstore. */
public final class SigstoreMethod extends SigningMethod {

  @Mixin private SigstoreArguments instance = new SigstoreArguments();

  @Mixin private IdentityTokenArguments identity = new IdentityTokenArguments();

  @Option(
      names = "--rekor-version",
      paramLabel = "N",
      description =
          "Version of the transparency log, 1 or 2. Default: 1 if the instance has it, since not all"
              + " clients read what version 2 records.")
  private @Nullable Long rekorVersion;

  @Option(
      names = "--certificate-identity",
      paramLabel = "IDENTITY",
      description =
          "Take no certificate but one for this identity, to the letter. Default: what the token"
              + " says, by the rules of the public instances; a private one may have others.")
  private @Nullable String certificateIdentity;

  @Override
  public void requireUsage() {
    instance.requireUsage(spec());
    if (rekorVersion != null && rekorVersion != 1 && rekorVersion != 2) {
      throw new WrongUsage(spec(), "--rekor-version must be 1 or 2");
    }
  }

  @Override
  public List<List<Path>> inputs(boolean quiet) throws IOException {
    return List.of(instance.files(spec()), identity.files());
  }

  @Override
  public void addTrust(SignedPayload signed, ShellCommand command) {
    if (signed.signer() instanceof KeylessIdentity signer) {
      command.option("--identity", signer.identity());
      command.option("--identity-provider", signer.provider());
    }
    instance.addTo(command);
  }

  @Override
  public Stream<Secret> secrets(ModelHasher hasher, boolean quiet)
      throws IOException, SigningException {
    return Secret.in("identity token", identity.files(), hasher);
  }

  @Override
  public void open(boolean quiet, Use use)
      throws IOException,
          UnusableTrustException,
          SigningException,
          MalformedBundleException,
          VerificationException {
    Optional<IdentityTokenSource> given = identity.given(spec());
    // Only here, as this may fetch the trusted root from the TUF repository.
    ClientTrustConfig config = instance.clientTrustConfig(spec());
    IdentityTokenSource tokens = given.isPresent() ? given.get() : identity.source(config, spec());
    SigstoreSigner signer = SigstoreSigner.using(config, tokens);
    if (rekorVersion != null) {
      signer = signer.withRekorVersion(rekorVersion.intValue());
    }
    if (certificateIdentity != null) {
      signer = signer.withCertificateIdentity(certificateIdentity);
    }
    boolean known = given.isPresent() || identity.isAmbient();
    use.with(signer, () -> known ? bySubject(config, tokens.token()) : unknown());
  }

  private BundleVerifier bySubject(ClientTrustConfig config, IdentityToken token) {
    return SigstoreVerifier.bySubjectOf(
        config.trustedRoot(), token, Optional.ofNullable(certificateIdentity));
  }

  private static BundleVerifier unknown() throws SigningException {
    throw new SigningException(
        "who will sign is not known before the sign-in; name who signed the model with"
            + " --verify-identity and --verify-identity-provider");
  }

  /**
   * The trusted root of the instance with which is signed.
   *
   * @throws IOException if it cannot be read or fetched
   */
  public TrustedRoot trustedRoot() throws IOException {
    instance.requireUsage(spec());
    return instance.trustedRoot(spec(), false);
  }
}
