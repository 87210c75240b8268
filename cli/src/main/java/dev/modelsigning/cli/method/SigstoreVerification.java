package dev.modelsigning.cli.method;

import dev.modelsigning.cli.trust.SigstoreTrust;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
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

  @Override
  public BundleVerifier verifier(boolean quiet) throws IOException, UnusableTrustException {
    return trust.verifier(spec(), Objects.requireNonNull(identityProvider));
  }

  @Override
  public Optional<String> adviceOnUntrustedCertificate() {
    return Optional.of(SigstoreTrust.ADVICE);
  }
}
