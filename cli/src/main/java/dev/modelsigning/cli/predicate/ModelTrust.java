package dev.modelsigning.cli.predicate;

import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.method.SigningMethod.SameSigner;
import dev.modelsigning.cli.method.SigstoreMethod;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.sigstore.TrustRepository;
import dev.modelsigning.sigstore.TrustedRoot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Who must have signed a model before: by default, who signs now. */
public final class ModelTrust {

  @Option(
      names = "--verify-key",
      paramLabel = "KEY",
      description =
          "The public key of the model's signer. Default: the model must be signed by the same key,"
              + " certificate or identity that signs now.")
  private @Nullable KeyName key;

  @Option(
      names = "--verify-certificate-chain",
      paramLabel = "FILE",
      description =
          "Trusted certificates for the model's signature. Can be repeated. With --verify-identity,"
              + " the signer must have that name.")
  private List<Path> chain = new ArrayList<>();

  @Option(
      names = "--verify-tsa-certificate-chain",
      paramLabel = "FILE",
      description = "Trusted time stamping authorities for the model's signature. Can be repeated.")
  private List<Path> authorities = new ArrayList<>();

  @Option(
      names = "--verify-identity",
      paramLabel = "NAME",
      description = "Who must have signed the model: the identity, exactly.")
  private @Nullable String identity;

  @Option(
      names = "--verify-identity-provider",
      paramLabel = "URL",
      description = "Who vouches for that identity of a keyless signer, exactly.")
  private @Nullable String provider;

  @Option(
      names = "--verify-trusted-root",
      paramLabel = "FILE",
      description =
          "Whom to trust for a keyless signature of the model (trusted_root.json). Default: the"
              + " instance with which is signed, or the public one.")
  private @Nullable Path trustedRoot;

  /** What these options say. */
  private StatedTrust stated() {
    return new StatedTrust(
        "--verify-",
        key == null ? List.of() : List.of(key),
        chain,
        authorities,
        identity == null ? List.of() : List.of(identity),
        provider == null ? List.of() : List.of(provider),
        trustedRoot);
  }

  /** Whether it was said who must have signed. */
  public boolean isGiven() {
    return stated().isGiven();
  }

  /** Whether any of these options was given. */
  public boolean isAnyGiven() {
    return isGiven() || identity != null || trustedRoot != null || !authorities.isEmpty();
  }

  /** Refuses invalid combinations of options. */
  public void requireUsage(CommandSpec command) {
    stated().requireOneWay(command);
    stated().requireUsage(command);
  }

  /** The files with whom to trust, which nothing must overwrite. */
  public List<Path> files(CommandSpec command, boolean quiet) throws IOException {
    return stated().files(command, quiet);
  }

  /**
   * The verifier of the model's signature.
   *
   * @param same supplies the verifier for who signs now
   * @param keyless the method that signs, if it is keyless
   */
  public BundleVerifier verifier(
      SameSigner same, @Nullable SigstoreMethod keyless, CommandSpec command, boolean quiet)
      throws IOException, UnusableTrustException, SigningException {
    List<BundleVerifier> verifiers = stated().verifiers(() -> root(keyless), command, quiet);
    return verifiers.isEmpty() ? same.verifier() : verifiers.get(0); // one way, so at most one
  }

  private static TrustedRoot root(@Nullable SigstoreMethod keyless) throws IOException {
    return keyless == null ? TrustRepository.publicGood().trustedRoot() : keyless.trustedRoot();
  }
}
