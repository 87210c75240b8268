package dev.modelsigning.cli.verify;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.report.Verdict;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that verifies. All methods have these options, this procedure and the verdict in
 * common, and provide what is different: whom to trust, and who must have signed.
 */
abstract sealed class VerificationCommand implements Task
    permits VerifyKeyCommand, VerifyCertificateCommand, VerifySigstoreCommand {

  @Spec private CommandSpec spec;

  // Not the options themselves: what is missing is named in their order, which would be another.
  @Mixin private VerifyArguments verification = new VerifyArguments();

  /** What the bundle looked like, once it was read. */
  private @Nullable BundleMethod found;

  /**
   * Refuses options that do not fit together, and says whom to trust and who must have signed. No
   * service is asked before the verifier has a bundle: model and signature may be missing.
   */
  abstract BundleVerifier verifier() throws IOException, UnusableTrustException;

  /** Verifies the model and prints the verdict. */
  @Override
  public final Integer call()
      throws IOException, UnusableTrustException, MalformedBundleException, VerificationException {
    Output output = Program.of(spec).output(quiet());
    Verdict verdict;
    try {
      ModelVerifier verifier = verification.modelVerifier(spec, output, this::looking);
      verdict = Verdict.of(verifier.verify(verification.source(), verification.signature()));
      verification.warnAboutSigned(verdict, output);
    } catch (IOException
        | UnusableTrustException
        | MalformedBundleException
        | VerificationException e) {
      if (verification.isJson()) {
        output.verdict(
            Verdict.failed(verification.model().model().toString(), e)
                .withMessages(output::withoutSecrets)
                .toJson());
      }
      throw e;
    }
    if (verification.isJson()) {
      // Last of all, so that nothing can go wrong after a program was told that it is verified.
      verdict.findings().forEach(output::finding);
      output.verdict(verdict.toJson());
      return 0;
    }
    output.verified(verdict.headline());
    verdict.lines(verification.mostLines()).forEach(output::info);
    verdict.findings().forEach(output::finding);
    return 0;
  }

  /** The verifier, which remembers what kind of bundle it saw. */
  private BundleVerifier looking() throws IOException, UnusableTrustException {
    BundleVerifier verifier = verifier();
    verification.model().requireExisting();
    return bundle -> {
      found = BundleMethod.of(bundle);
      return verifier.verify(bundle);
    };
  }

  /** The command for bundles like the one that was read, if that is not this one. */
  @Override
  public final Optional<String> adviceOnMethod() {
    return found == null || spec.name().equals(found.name().toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of(
            "It looks as if it was signed with "
                + found
                + ". The command for that: "
                + found.command(verification.model().model(), verification.signature()));
  }

  /** The command as the parser knows it. */
  final CommandSpec spec() {
    return spec;
  }

  @Override
  public final void remark(Verdict failed, Output output) throws IOException {
    MismatchAdvice.of(failed.differences(), verification.mayFollowLinks()).forEach(output::error);
    verification.warnAboutSigned(failed, output);
  }

  @Override
  public final int mostLines() {
    return verification.mostLines();
  }

  @Override
  public final String failure() {
    return "Verification failed with error";
  }

  @Override
  public final boolean quiet() {
    return verification.model().quiet();
  }
}
