package dev.modelsigning.cli.predicate;

import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.sigstore.TrustRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Who must have signed base models and datasets: by default, who signed the model. */
final class LineageTrust {

  @Option(
      names = "--base-verify-key",
      paramLabel = "KEY",
      description =
          "The public key of those who signed base models and datasets. Can be repeated, then any"
              + " will do. Default: they are verified as the model is.")
  private List<KeyName> keys = new ArrayList<>();

  @Option(
      names = "--base-verify-certificate-chain",
      paramLabel = "FILE",
      description =
          "Trusted certificates for signatures of base models and datasets. Can be repeated. With"
              + " --base-verify-identity, the signer must have that name.")
  private List<Path> chain = new ArrayList<>();

  @Option(
      names = "--base-verify-identity",
      paramLabel = "NAME",
      description =
          "Who must have signed base models and datasets: the identity, exactly. Can be repeated,"
              + " then any will do.")
  private List<String> identities = new ArrayList<>();

  @Option(
      names = "--base-verify-identity-provider",
      paramLabel = "URL",
      description =
          "Who vouches for that identity of a keyless signer, exactly. Can be repeated, together"
              + " with that.")
  private List<String> providers = new ArrayList<>();

  @Option(
      names = "--base-verify-trusted-root",
      paramLabel = "FILE",
      description =
          "Whom to trust for keyless signatures of base models and datasets (trusted_root.json)."
              + " Default: the public instance.")
  private @Nullable Path trustedRoot;

  /** What these options say. */
  private StatedTrust stated() {
    return new StatedTrust(
        "--base-verify-", keys, chain, List.of(), identities, providers, trustedRoot);
  }

  /** The first of these options that was given; empty if none was. */
  String given() {
    return stated().given();
  }

  /** The files with whom to trust. */
  List<Path> files(CommandSpec command, boolean quiet) throws IOException {
    return stated().files(command, quiet);
  }

  /** Refuses invalid combinations of options. */
  void requireUsage(CommandSpec command) {
    stated().requireUsage(command);
  }

  /**
   * The verifier for these options: one of those that were named must have signed.
   *
   * @param sameAsModel the verifier if there are none
   */
  BundleVerifier verifier(BundleVerifier sameAsModel, CommandSpec command, boolean quiet)
      throws IOException, UnusableTrustException {
    return stated().isGiven()
        ? AnySigner.of(
            stated().verifiers(() -> TrustRepository.publicGood().trustedRoot(), command, quiet))
        : sameAsModel;
  }
}
