package dev.modelsigning.cli.verify;

import dev.modelsigning.cli.trust.SigstoreTrust;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Verifies keyless signatures. */
@Command(
    name = "sigstore",
    description =
        "Verify a model that was signed with Sigstore, by who must have signed it. This is the"
            + " default method.",
    footer = {
      "",
      "Whom to trust is asked of the instance's repository and kept on disk; without a"
          + " network the last answer serves until it expires. With --trusted-root or"
          + " --trust-config there is no network at all.",
      "",
      "Examples:",
      "  model-signing verify my-model --signature model.sig \\",
      "      --identity release@bank.example \\",
      "      --identity-provider https://accounts.google.com",
      "  model-signing verify sigstore my-model --signature model.sig \\",
      "      --identity-regexp 'https://github\\.com/bank/.*@refs/heads/main' \\",
      "      --identity-provider https://token.actions.githubusercontent.com"
    })
final class VerifySigstoreCommand extends VerificationCommand {

  @Option(
      names = "--identity-provider",
      paramLabel = "URL",
      required = true,
      description = SigstoreTrust.PROVIDER)
  private @Nullable String identityProvider;

  @Mixin private SigstoreTrust trust = new SigstoreTrust();

  @Override
  BundleVerifier verifier() throws IOException, UnusableTrustException {
    return trust.verifier(spec(), Objects.requireNonNull(identityProvider));
  }

  @Override
  public Optional<String> adviceOnUntrustedCertificate() {
    return Optional.of(SigstoreTrust.ADVICE);
  }
}
