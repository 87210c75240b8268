package dev.modelsigning.cli.method;

import dev.modelsigning.certificate.CertificateVerifier;
import dev.modelsigning.cli.trust.CertificateTrust;
import dev.modelsigning.cli.trust.NetworkArguments;
import dev.modelsigning.cli.trust.TimestampArguments;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import picocli.CommandLine.Mixin;

/** Verification with trusted certificates. */
public final class CertificateVerification extends VerificationMethod {

  @Mixin private CertificateTrust trust = new CertificateTrust();

  @Mixin private TimestampArguments timestamps = new TimestampArguments();

  @Mixin private NetworkArguments network = new NetworkArguments();

  @Override
  public CertificateVerifier verifier(boolean quiet) throws IOException, UnusableTrustException {
    return trust.verifier(spec(), timestamps, network, quiet);
  }
}
