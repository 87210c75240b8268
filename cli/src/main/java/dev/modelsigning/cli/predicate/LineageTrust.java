package dev.modelsigning.cli.predicate;

import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.keys.KeyArguments;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.sigstore.IdentityPolicy;
import dev.modelsigning.sigstore.SigstoreVerifier;
import dev.modelsigning.sigstore.TrustRepository;
import dev.modelsigning.sigstore.TrustedRoot;
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
          "The public key of those who signed base models and datasets. Default: they are verified"
              + " as the model is.")
  private @Nullable KeyName key;

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
      description = "Who must have signed base models and datasets: the identity, exactly.")
  private @Nullable String identity;

  @Option(
      names = "--base-verify-identity-provider",
      paramLabel = "URL",
      description = "Who vouches for that identity of a keyless signer, exactly.")
  private @Nullable String provider;

  @Option(
      names = "--base-verify-trusted-root",
      paramLabel = "FILE",
      description =
          "Whom to trust for keyless signatures of base models and datasets (trusted_root.json)."
              + " Default: the public instance.")
  private @Nullable Path trustedRoot;

  /** The first of these options that was given; empty if none was. */
  String given() {
    if (key != null) {
      return "--base-verify-key";
    }
    if (!chain.isEmpty()) {
      return "--base-verify-certificate-chain";
    }
    if (identity != null) {
      return "--base-verify-identity";
    }
    if (provider != null) {
      return "--base-verify-identity-provider";
    }
    return trustedRoot == null ? "" : "--base-verify-trusted-root";
  }

  /** The files with whom to trust. */
  List<Path> files(CommandSpec command, boolean quiet) throws IOException {
    List<Path> files = new ArrayList<>(chain);
    if (key != null) {
      KeyArguments keys = new KeyArguments();
      try {
        files.addAll(keys.files(key, keys.context(SecretSource.NONE, command, quiet)));
      } catch (SigningException e) {
        // Not a valid key name, which is reported when it is opened.
      }
    }
    if (trustedRoot != null) {
      files.add(trustedRoot);
    }
    return files;
  }

  /** Refuses invalid combinations of options. */
  void requireUsage(CommandSpec command) {
    int ways = (key == null ? 0 : 1) + (chain.isEmpty() ? 0 : 1) + (provider == null ? 0 : 1);
    if (ways > 1) {
      throw new WrongUsage(
          command,
          "--base-verify-key, --base-verify-certificate-chain and"
              + " --base-verify-identity-provider exclude each other");
    }
    if (provider != null && identity == null) {
      throw new WrongUsage(command, "--base-verify-identity-provider needs --base-verify-identity");
    }
    if (identity != null && provider == null && chain.isEmpty()) {
      throw new WrongUsage(
          command,
          "--base-verify-identity needs --base-verify-identity-provider or"
              + " --base-verify-certificate-chain");
    }
    if (trustedRoot != null && provider == null) {
      throw new WrongUsage(
          command, "--base-verify-trusted-root needs --base-verify-identity-provider");
    }
  }

  /**
   * The verifier for these options.
   *
   * @param sameAsModel the verifier if there are none
   */
  BundleVerifier verifier(BundleVerifier sameAsModel, CommandSpec command, boolean quiet)
      throws IOException, UnusableTrustException {
    if (key != null) {
      KeyArguments keys = new KeyArguments();
      return KeyVerifier.using(
          keys.publicKey(key, keys.context(SecretSource.NONE, command, quiet)));
    }
    if (!chain.isEmpty()) {
      return byCertificate(command);
    }
    if (provider != null && identity != null) {
      TrustedRoot root =
          trustedRoot == null
              ? TrustRepository.publicGood().trustedRoot()
              : TrustedRoot.load(trustedRoot);
      return SigstoreVerifier.using(root, policy(identity, provider, command));
    }
    return sameAsModel;
  }

  private BundleVerifier byCertificate(CommandSpec command)
      throws IOException, UnusableTrustException {
    CertificateVerifier.Builder builder = CertificateVerifier.builder();
    for (Path file : chain) {
      builder.trust(file);
    }
    if (identity != null) {
      try {
        builder.identity(identity);
      } catch (IllegalArgumentException e) {
        throw new WrongUsage(command, "--base-verify-identity: " + e.getMessage(), e);
      }
    }
    return builder.build();
  }

  private static IdentityPolicy policy(String identity, String provider, CommandSpec command) {
    try {
      return IdentityPolicy.exactly(identity, provider);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(
          command, "--base-verify-identity, --base-verify-identity-provider: " + e.getMessage(), e);
    }
  }
}
