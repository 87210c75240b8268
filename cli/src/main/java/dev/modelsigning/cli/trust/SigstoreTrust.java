package dev.modelsigning.cli.trust;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.WrongUsage;
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
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The trusted Sigstore instance, and the expected signer. */
public final class SigstoreTrust {

  /** The description of {@code --identity-provider}, which not all commands require. */
  public static final String PROVIDER =
      "Who vouches for the name: the OpenID Connect issuer, exactly.";

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

  /** The advice for a signer whose certificate is not from a trusted instance. */
  public static final String ADVICE =
      "Do not use this model. If it was signed with another Sigstore instance that is to be"
          + " trusted, name that with --trusted-root, --trust-config, --trust-repository or"
          + " --use-staging.";

  /** The network settings. */
  public NetworkArguments network() {
    return instance.network();
  }

  /** Whether any of these options was given, except network settings. */
  public boolean isGiven() {
    return identity != null
        || identityRegexp != null
        || trustedRoot != null
        || offline
        || instance.isGiven();
  }

  /**
   * Returns the verifier for these options. The TUF repository is not contacted before there is a
   * bundle.
   *
   * @param provider the OpenID Connect issuer of the signer's identity
   */
  public BundleVerifier verifier(CommandSpec command, String provider)
      throws IOException, UnusableTrustException {
    instance.requireUsage(command);
    IdentityPolicy policy = policy(command, provider);
    if (trustedRoot != null && instance.hasFile()) {
      throw new WrongUsage(command, "--trusted-root and --trust-config exclude each other");
    }
    if (trustedRoot != null && instance.hasRepository()) {
      throw new WrongUsage(command, "--trusted-root and --trust-repository exclude each other");
    }
    instance.applyNetwork(command);
    if (trustedRoot != null || instance.hasFile()) {
      TrustedRoot root =
          trustedRoot != null
              ? TrustedRoot.load(trustedRoot)
              : instance.trustedRoot(command, offline);
      return SigstoreVerifier.using(root, policy);
    }
    return new BundleVerifier() {
      private @Nullable BundleVerifier trusting;

      @Override
      public VerifiedPayload verify(Bundle bundle)
          throws IOException, MalformedBundleException, VerificationException {
        // Before the trusted root is fetched, as the bundle may be of another method.
        SigstoreVerifier.requireKeyless(bundle);
        if (trusting == null) {
          trusting = SigstoreVerifier.using(instance.trustedRoot(command, offline), policy);
        }
        return trusting.verify(bundle);
      }

      @Override
      public Map<String, List<String>> expected() {
        return policy.expected();
      }
    };
  }

  private IdentityPolicy policy(CommandSpec command, String provider) {
    if ((identity == null) == (identityRegexp == null)) {
      throw new WrongUsage(
          command, "say who must have signed, with either --identity or --identity-regexp");
    }
    try {
      return identity != null
          ? IdentityPolicy.exactly(identity, provider)
          : IdentityPolicy.matching(
              Pattern.compile(Objects.requireNonNull(identityRegexp)), provider);
    } catch (PatternSyntaxException e) {
      throw new WrongUsage(command, "--identity-regexp: " + e.getDescription(), e);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, "--identity, --identity-provider: " + e.getMessage(), e);
    }
  }
}
