package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.trust.SigstoreArguments;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.signing.KeylessIdentity;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.sigstore.ClientTrustConfig;
import dev.modelsigning.sigstore.IdentityTokenSource;
import dev.modelsigning.sigstore.SigstoreSigner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Signs keyless, with Sigstore. */
@Command(
    name = "sigstore",
    description = {
      "Sign a model with Sigstore, without a key to keep. This is the default method.",
      "You sign in, and a public log records your identity and the signature."
    },
    footer = {
      "",
      "Your identity, such as your e-mail address, becomes PUBLIC, in the signature and in"
          + " the log, for ever.",
      "",
      "The identity comes from --identity-token, --identity-token-file, the variable"
          + " SIGSTORE_ID_TOKEN, the build service (--use-ambient-credentials), or from signing"
          + " in with a browser, in this order. The model is hashed first.",
      "",
      "Examples:",
      "  model-signing sign my-model",
      "  model-signing sign sigstore my-model --use-ambient-credentials",
      "  model-signing sign sigstore my-model --trust-config private.json \\",
      "      --identity-token-file token.jwt"
    })
final class SignSigstoreCommand extends SigningCommand {

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
  void requireUsage() {
    instance.requireUsage(spec());
    if (rekorVersion != null && rekorVersion != 1 && rekorVersion != 2) {
      throw new WrongUsage(spec(), "--rekor-version must be 1 or 2");
    }
  }

  @Override
  List<List<Path>> inputs() throws IOException {
    return List.of(instance.files(spec()), identity.files());
  }

  @Override
  void addTrust(SignedPayload signed, ShellCommand command) {
    if (signed.signer() instanceof KeylessIdentity signer) {
      command.option("--identity", signer.identity());
      command.option("--identity-provider", signer.provider());
    }
    instance.addTo(command);
  }

  @Override
  Stream<Secret> secrets(ModelHasher hasher) throws IOException, SigningException {
    return Secret.in("identity token", identity.files(), hasher);
  }

  @Override
  void sign() throws IOException, UnusableTrustException, SigningException {
    Optional<IdentityTokenSource> given = identity.given(spec());
    // Only here, as this may fetch the trusted root from the TUF repository.
    ClientTrustConfig config = instance.clientTrustConfig(spec());
    SigstoreSigner signer =
        SigstoreSigner.using(
            config, given.isPresent() ? given.get() : identity.source(config, spec()));
    if (rekorVersion != null) {
      signer = signer.withRekorVersion(rekorVersion.intValue());
    }
    if (certificateIdentity != null) {
      signer = signer.withCertificateIdentity(certificateIdentity);
    }
    sign(signer);
  }
}
