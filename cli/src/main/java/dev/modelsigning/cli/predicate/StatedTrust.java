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
import dev.modelsigning.sigstore.TrustedRoot;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TimestampedVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Who must have signed something, by options whose names begin alike: any of these keys, the owner
 * of a certificate, or any of these keyless signers.
 *
 * @param prefix how the names of the options begin, such as {@code --verify-}
 * @param keys public keys
 * @param chain trusted certificates
 * @param authorities trusted time stamping authorities
 * @param identities the names of owners of certificates, of which any will do; or the keyless
 *     signers, each with its provider
 * @param providers who vouches for the keyless signers
 * @param trustedRoot whom to trust for keyless signatures
 */
public record StatedTrust(
    String prefix,
    List<KeyName> keys,
    List<Path> chain,
    List<Path> authorities,
    List<String> identities,
    List<String> providers,
    @Nullable Path trustedRoot) {

  private static final String KEY = "key";
  private static final String CHAIN = "certificate-chain";
  private static final String AUTHORITIES = "tsa-certificate-chain";
  private static final String IDENTITY = "identity";
  private static final String PROVIDER = "identity-provider";
  private static final String TRUSTED_ROOT = "trusted-root";

  /** Gets whom to trust for keyless signatures where no option says it. */
  @FunctionalInterface
  public interface RootSource {
    /** Gets it, possibly by network. */
    TrustedRoot get() throws IOException;
  }

  /** The name of an option. */
  private String option(String rest) {
    return prefix + rest;
  }

  /** The first of these options that was given; empty if none was. */
  String given() {
    if (!keys.isEmpty()) {
      return option(KEY);
    }
    if (!chain.isEmpty()) {
      return option(CHAIN);
    }
    if (!identities.isEmpty()) {
      return option(IDENTITY);
    }
    if (!providers.isEmpty()) {
      return option(PROVIDER);
    }
    return trustedRoot == null ? "" : option(TRUSTED_ROOT);
  }

  /** Whether it was said who must have signed. */
  public boolean isGiven() {
    return !keys.isEmpty() || !chain.isEmpty() || !providers.isEmpty();
  }

  /** Refuses two of the three ways to say who must have signed. */
  public void requireOneWay(CommandSpec command) {
    int ways = (keys.isEmpty() ? 0 : 1) + (chain.isEmpty() ? 0 : 1) + (providers.isEmpty() ? 0 : 1);
    if (ways > 1) {
      throw new WrongUsage(
          command,
          option(KEY) + ", " + option(CHAIN) + " and " + option(PROVIDER) + " exclude each other");
    }
  }

  /** Refuses options without those that they need, and names that could be of two kinds. */
  public void requireUsage(CommandSpec command) {
    if (!chain.isEmpty() && !providers.isEmpty()) {
      // Which of them a name belongs to could not be told.
      throw new WrongUsage(
          command, option(CHAIN) + " and " + option(PROVIDER) + " exclude each other");
    }
    if (!providers.isEmpty() && identities.size() != providers.size()) {
      throw new WrongUsage(
          command,
          option(PROVIDER)
              + " needs "
              + option(IDENTITY)
              + (providers.size() == 1 && identities.isEmpty() ? "" : ", each time it is given"));
    }
    if (!identities.isEmpty() && providers.isEmpty() && chain.isEmpty()) {
      throw new WrongUsage(
          command, option(IDENTITY) + " needs " + option(PROVIDER) + " or " + option(CHAIN));
    }
    if (trustedRoot != null && providers.isEmpty()) {
      throw new WrongUsage(command, option(TRUSTED_ROOT) + " needs " + option(PROVIDER));
    }
    if (!authorities.isEmpty() && keys.isEmpty() && chain.isEmpty()) {
      throw new WrongUsage(
          command, option(AUTHORITIES) + " needs " + option(KEY) + " or " + option(CHAIN));
    }
  }

  /** The files with whom to trust, which nothing must overwrite. */
  public List<Path> files(CommandSpec command, boolean quiet) throws IOException {
    List<Path> files = new ArrayList<>(chain);
    KeyArguments arguments = new KeyArguments();
    for (KeyName key : keys) {
      try {
        files.addAll(arguments.files(key, arguments.context(SecretSource.NONE, command, quiet)));
      } catch (SigningException e) {
        // Not a valid key name, which is reported when it is opened.
      }
    }
    files.addAll(authorities);
    if (trustedRoot != null) {
      files.add(trustedRoot);
    }
    return files;
  }

  /**
   * The verifiers, of which one must accept a signature; none if no signer was given.
   *
   * @param root whom to trust for keyless signatures if no option says it
   */
  public List<BundleVerifier> verifiers(RootSource root, CommandSpec command, boolean quiet)
      throws IOException, UnusableTrustException {
    List<BundleVerifier> verifiers = new ArrayList<>();
    KeyArguments arguments = new KeyArguments();
    for (KeyName key : keys) {
      verifiers.add(
          stamped(arguments.verifier(key, arguments.context(SecretSource.NONE, command, quiet))));
    }
    if (!chain.isEmpty()) {
      verifiers.add(byCertificate(command));
    }
    if (!providers.isEmpty()) {
      TrustedRoot trusted = trustedRoot == null ? root.get() : TrustedRoot.load(trustedRoot);
      for (int i = 0; i < providers.size(); i++) {
        verifiers.add(
            SigstoreVerifier.using(trusted, policy(identities.get(i), providers.get(i), command)));
      }
    }
    return verifiers;
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
    for (String identity : identities) {
      try {
        builder.identity(identity);
      } catch (IllegalArgumentException e) {
        throw new WrongUsage(command, option(IDENTITY) + ": " + e.getMessage(), e);
      }
    }
    return builder.build();
  }

  private IdentityPolicy policy(String identity, String provider, CommandSpec command) {
    try {
      return IdentityPolicy.exactly(identity, provider);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(
          command, option(IDENTITY) + ", " + option(PROVIDER) + ": " + e.getMessage(), e);
    }
  }
}
