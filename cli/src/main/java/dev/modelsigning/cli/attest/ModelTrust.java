package dev.modelsigning.cli.attest;

import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.keys.KeyArguments;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.method.SigningMethod.SameSigner;
import dev.modelsigning.cli.method.SigstoreMethod;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.sigstore.IdentityPolicy;
import dev.modelsigning.sigstore.SigstoreVerifier;
import dev.modelsigning.sigstore.TrustRepository;
import dev.modelsigning.sigstore.TrustedRoot;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TimestampedVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Who must have signed the model that is attested: by default, who attests. */
final class ModelTrust {

  @Option(
      names = "--verify-key",
      paramLabel = "KEY",
      description =
          "The public key of the model's signer. Default: the model must be signed by the same key,"
              + " certificate or identity that attests.")
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

  /** Whether it was said who must have signed. */
  boolean isGiven() {
    return key != null || !chain.isEmpty() || provider != null;
  }

  /** Refuses invalid combinations of options. */
  void requireUsage(CommandSpec command) {
    boolean keyless = provider != null;
    int ways = (key == null ? 0 : 1) + (chain.isEmpty() ? 0 : 1) + (keyless ? 1 : 0);
    if (ways > 1) {
      throw new WrongUsage(
          command,
          "--verify-key, --verify-certificate-chain and --verify-identity-provider exclude each"
              + " other");
    }
    if (keyless && identity == null) {
      throw new WrongUsage(command, "--verify-identity-provider needs --verify-identity");
    }
    if (identity != null && !keyless && chain.isEmpty()) {
      throw new WrongUsage(
          command,
          "--verify-identity needs --verify-identity-provider or --verify-certificate-chain");
    }
    if (trustedRoot != null && !keyless) {
      throw new WrongUsage(command, "--verify-trusted-root needs --verify-identity-provider");
    }
    if (!authorities.isEmpty() && key == null && chain.isEmpty()) {
      throw new WrongUsage(
          command,
          "--verify-tsa-certificate-chain needs --verify-key or --verify-certificate-chain");
    }
  }

  /** The files with whom to trust, which nothing must overwrite. */
  List<Path> files(CommandSpec command, boolean quiet) throws IOException {
    List<Path> files = new ArrayList<>(chain);
    if (key != null) {
      files.addAll(keyFiles(key, command, quiet));
    }
    files.addAll(authorities);
    if (trustedRoot != null) {
      files.add(trustedRoot);
    }
    return files;
  }

  private static List<Path> keyFiles(KeyName key, CommandSpec command, boolean quiet)
      throws IOException {
    KeyArguments keys = new KeyArguments();
    try {
      return keys.files(key, keys.context(SecretSource.NONE, command, quiet));
    } catch (SigningException e) {
      return List.of(); // not a valid key name, which is reported when it is opened
    }
  }

  /**
   * The verifier of the model's signature.
   *
   * @param same supplies the verifier for who attests
   * @param keyless the method that attests, if it is keyless
   */
  BundleVerifier verifier(
      SameSigner same, @Nullable SigstoreMethod keyless, CommandSpec command, boolean quiet)
      throws IOException, UnusableTrustException, SigningException {
    if (key != null) {
      KeyArguments keys = new KeyArguments();
      return stamped(
          KeyVerifier.using(keys.publicKey(key, keys.context(SecretSource.NONE, command, quiet))));
    }
    if (!chain.isEmpty()) {
      return byCertificate(command);
    }
    if (provider != null && identity != null) {
      return SigstoreVerifier.using(root(keyless), policy(identity, provider, command));
    }
    return same.verifier();
  }

  private BundleVerifier stamped(KeyVerifier verifier) throws IOException, UnusableTrustException {
    return authorities.isEmpty()
        ? verifier
        : TimestampedVerifier.using(verifier, TimestampVerifier.load(authorities));
  }

  private BundleVerifier byCertificate(CommandSpec command)
      throws IOException, UnusableTrustException {
    CertificateVerifier.Builder builder = CertificateVerifier.builder();
    for (Path file : chain) {
      builder.trust(file);
    }
    if (!authorities.isEmpty()) {
      builder.timestamps(TimestampVerifier.load(authorities));
    }
    if (identity != null) {
      try {
        builder.identity(identity);
      } catch (IllegalArgumentException e) {
        throw new WrongUsage(command, "--verify-identity: " + e.getMessage(), e);
      }
    }
    return builder.build();
  }

  private static IdentityPolicy policy(String identity, String provider, CommandSpec command) {
    try {
      return IdentityPolicy.exactly(identity, provider);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(
          command, "--verify-identity, --verify-identity-provider: " + e.getMessage(), e);
    }
  }

  private TrustedRoot root(@Nullable SigstoreMethod keyless) throws IOException {
    if (trustedRoot != null) {
      return TrustedRoot.load(trustedRoot);
    }
    return keyless == null ? TrustRepository.publicGood().trustedRoot() : keyless.trustedRoot();
  }
}
