package dev.modelsigning.cli.method;

import dev.modelsigning.cli.trust.SigstoreTrust;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.timestamp.TimestampVerifier;
import dev.modelsigning.timestamp.TimestampedVerifier;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Verification of keyless signatures. */
public final class SigstoreVerification extends VerificationMethod {

  @Option(
      names = "--identity-provider",
      paramLabel = "URL",
      required = true,
      description = SigstoreTrust.PROVIDER)
  private @Nullable String identityProvider;

  @Mixin private SigstoreTrust trust = new SigstoreTrust();

  @Mixin private LaterTimestampArguments later = new LaterTimestampArguments();

  @Override
  public BundleVerifier verifier(boolean quiet) throws IOException, UnusableTrustException {
    Optional<TimestampVerifier> timestamps = later.verifier();
    BundleVerifier verifier = trust.verifier(spec(), Objects.requireNonNull(identityProvider));
    return timestamps.isPresent()
        ? TimestampedVerifier.addingLater(verifier, timestamps.get())
        : verifier;
  }

  @Override
  public Optional<String> adviceOnUntrustedCertificate() {
    return Optional.of(SigstoreTrust.ADVICE);
  }
}
