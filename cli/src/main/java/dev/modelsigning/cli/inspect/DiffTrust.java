package dev.modelsigning.cli.inspect;

import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.keys.KeyArguments;
import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.trust.CertificateTrust;
import dev.modelsigning.cli.trust.SigstoreTrust;
import dev.modelsigning.cli.trust.TimestampArguments;
import dev.modelsigning.key.KeyVerifier;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.timestamp.TimestampedVerifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The trust settings of a comparison: the options of a single signing method. */
final class DiffTrust {

  /** The methods, with the options that only they have. */
  private enum Method {
    KEY("--public-key"),
    CERTIFICATE("--certificate-chain and the like"),
    SIGSTORE("--identity and the like");

    private final String options;

    Method(String options) {
      this.options = options;
    }
  }

  @Option(names = "--public-key", paramLabel = "KEY", description = KeyArguments.PUBLIC_KEY)
  private @Nullable KeyName publicKey;

  @Mixin private KeyArguments keys = new KeyArguments();

  @Mixin private TimestampArguments timestamps = new TimestampArguments();

  @Mixin private CertificateTrust certificates = new CertificateTrust();

  @Option(names = "--identity-provider", paramLabel = "URL", description = SigstoreTrust.PROVIDER)
  private @Nullable String identityProvider;

  @Mixin private SigstoreTrust sigstore = new SigstoreTrust();

  /** Refuses options of several methods, and those that require others. */
  void requireUsage(CommandSpec command) {
    List<Method> methods = methods();
    if (methods.size() > 1) {
      throw new WrongUsage(
          command,
          "expected the options of one method, found "
              + String.join(", and ", methods.stream().map(method -> method.options).toList()));
    }
    Optional<Method> method = methods.stream().findFirst();
    if (keys.isGiven() && publicKey == null) {
      throw new WrongUsage(command, "--module-path needs --public-key");
    }
    if (timestamps.isGiven() && (method.isEmpty() || method.get() == Method.SIGSTORE)) {
      throw new WrongUsage(
          command, "--tsa-certificate-chain needs --public-key or --certificate-chain");
    }
    if (sigstore.network().isGiven() && (method.isEmpty() || method.get() == Method.KEY)) {
      throw new WrongUsage(command, "--ca-file needs --revocation-check or --identity-provider");
    }
    if (method.isPresent() && method.get() == Method.SIGSTORE && identityProvider == null) {
      throw new WrongUsage(command, "to verify keyless signatures, --identity-provider is needed");
    }
  }

  private List<Method> methods() {
    List<Method> methods = new ArrayList<>();
    if (publicKey != null || keys.isGiven()) {
      methods.add(Method.KEY);
    }
    if (certificates.isGiven()) {
      methods.add(Method.CERTIFICATE);
    }
    if (identityProvider != null || sigstore.isGiven()) {
      methods.add(Method.SIGSTORE);
    }
    return methods;
  }

  /** Whether keyless signatures are verified. */
  boolean isSigstore() {
    return methods().contains(Method.SIGSTORE);
  }

  /** Whether any of these options was given. */
  boolean isGiven() {
    return !methods().isEmpty();
  }

  /** The verifier for these options; empty if there are none. */
  Optional<BundleVerifier> verifier(CommandSpec command, boolean quiet)
      throws IOException, UnusableTrustException {
    if (publicKey != null) {
      KeyVerifier verifier =
          keys.verifier(publicKey, keys.context(SecretSource.NONE, command, quiet));
      return Optional.of(
          timestamps.isGiven()
              ? TimestampedVerifier.using(verifier, timestamps.verifier())
              : verifier);
    }
    if (identityProvider != null) {
      return Optional.of(sigstore.verifier(command, identityProvider));
    }
    return certificates.isGiven()
        ? Optional.of(certificates.verifier(command, timestamps, sigstore.network(), quiet))
        : Optional.empty();
  }
}
