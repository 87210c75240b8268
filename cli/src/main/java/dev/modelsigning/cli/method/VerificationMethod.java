package dev.modelsigning.cli.method;

import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A way to verify: its options, and the verifier that they give. It is a mixin of commands, and
 * used by one thread.
 */
public abstract sealed class VerificationMethod
    permits KeyVerification, CertificateVerification, SigstoreVerification {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * Returns the verifier, after it refused invalid combinations of options. No service is called
   * before the verifier receives a bundle: model and signature may be missing.
   *
   * @param quiet whether to print nothing but failures
   */
  public abstract BundleVerifier verifier(boolean quiet) throws IOException, UnusableTrustException;

  /**
   * The files that verification reads, in addition to those given as path arguments.
   *
   * @throws IOException if they cannot be determined
   */
  public List<Path> inputs(boolean quiet) throws IOException {
    return List.of();
  }

  /**
   * What to do about a signer whose certificate nobody vouches for who is trusted, if not the
   * usual.
   */
  public Optional<String> adviceOnUntrustedCertificate() {
    return Optional.empty();
  }

  /** The command's specification in the parser. */
  final CommandSpec spec() {
    return spec;
  }
}
