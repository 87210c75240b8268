package dev.modelsigning.cli.verify;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.trust.SigstoreArguments;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.sigstore.IdentityPolicy;
import dev.modelsigning.sigstore.SigstoreVerifier;
import dev.modelsigning.sigstore.TrustedRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
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
      names = "--identity",
      paramLabel = "NAME",
      description = "Who must have signed: an e-mail address, or the URI of a workflow, exactly.")
  private @Nullable String identity;

  @Option(
      names = "--identity-regexp",
      paramLabel = "REGEXP",
      description = "The same as a regular expression (Java's) for the whole name.")
  private @Nullable String identityRegexp;

  @Option(
      names = "--identity-provider",
      paramLabel = "URL",
      required = true,
      description = "Who vouches for the name: the OpenID Connect issuer, exactly.")
  private @Nullable String identityProvider;

  @Mixin private SigstoreArguments instance = new SigstoreArguments();

  @Option(
      names = "--trusted-root",
      paramLabel = "FILE",
      description = "Whom to trust (trusted_root.json), in place of asking the repository.")
  private @Nullable Path trustedRoot;

  @Option(
      names = "--offline",
      description = "Do not ask the repository whom to trust; its last answer must serve.")
  private boolean offline;

  @Override
  BundleVerifier verifier() throws IOException, UnusableTrustException {
    instance.requireUsage(spec());
    IdentityPolicy policy = policy();
    if (trustedRoot != null && instance.hasFile()) {
      throw new WrongUsage(spec(), "--trusted-root and --trust-config exclude each other");
    }
    if (trustedRoot != null && instance.hasRepository()) {
      throw new WrongUsage(spec(), "--trusted-root and --trust-repository exclude each other");
    }
    instance.applyNetwork(spec());
    if (trustedRoot != null || instance.hasFile()) {
      TrustedRoot root =
          trustedRoot != null
              ? TrustedRoot.load(trustedRoot)
              : instance.trustedRoot(spec(), offline);
      return SigstoreVerifier.using(root, policy);
    }
    return new BundleVerifier() {
      private @Nullable BundleVerifier trusting;

      @Override
      public VerifiedPayload verify(Bundle bundle)
          throws IOException, MalformedBundleException, VerificationException {
        // Before the network is asked whom to trust, as it may not be for this method at all.
        SigstoreVerifier.requireKeyless(bundle);
        if (trusting == null) {
          trusting = SigstoreVerifier.using(instance.trustedRoot(spec(), offline), policy);
        }
        return trusting.verify(bundle);
      }

      @Override
      public Map<String, List<String>> expected() {
        return policy.expected();
      }
    };
  }

  private IdentityPolicy policy() {
    String provider = Objects.requireNonNull(identityProvider);
    if ((identity == null) == (identityRegexp == null)) {
      throw new WrongUsage(
          spec(), "say who must have signed, with either --identity or --identity-regexp");
    }
    try {
      return identity != null
          ? IdentityPolicy.exactly(identity, provider)
          : IdentityPolicy.matching(
              Pattern.compile(Objects.requireNonNull(identityRegexp)), provider);
    } catch (PatternSyntaxException e) {
      throw new WrongUsage(spec(), "--identity-regexp: " + e.getDescription(), e);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(spec(), "--identity, --identity-provider: " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<String> adviceOnUntrustedCertificate() {
    return Optional.of(
        "Do not use this model. If it was signed with another Sigstore instance that is to be"
            + " trusted, name that with --trusted-root, --trust-config, --trust-repository or"
            + " --use-staging.");
  }
}
