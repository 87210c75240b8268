package dev.modelsigning.cli.verify;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.report.Verdict;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.split.SplitIndex;
import dev.modelsigning.split.SplitVerifier;
import java.io.IOException;
import java.nio.file.Path;

/** Verifies a model that was signed in parts: their index first, then each part. */
final class PartsVerification {

  private final VerifyArguments arguments;
  private final Path directory;
  private final Output output;

  /**
   * Creates it.
   *
   * @param directory the directory with the index
   */
  PartsVerification(VerifyArguments arguments, Path directory, Output output) {
    this.arguments = arguments;
    this.directory = directory;
    this.output = output;
  }

  /**
   * Verifies the model, and prints the verdicts; they are printed only if the model did not change
   * from the first to the last part.
   */
  void run(ModelSource model, BundleVerifier trust, ModelVerifier verifier)
      throws IOException, MalformedBundleException, VerificationException, NotVerifiedException {
    EachModel parts = EachModel.ofParts(directory, SplitIndex.SIGNATURE, arguments.listsFiles());
    try {
      SplitVerifier.open(directory, trust)
          .examine(
              model,
              verifier,
              (part, outcome) ->
                  parts.add(
                      Path.of(part.signature()),
                      Verdict.of(outcome).withMessages(output::withoutSecrets),
                      output));
    } catch (IOException | MalformedBundleException | VerificationException e) {
      Verdict failed = Verdict.failed(arguments.model().place().toString(), e);
      arguments.print(failed.withMessages(output::withoutSecrets), output);
      throw e;
    }
    parts.print(arguments.isJson(), arguments.model().quiet(), arguments.mostLines(), output);
    parts.orElseThrow();
  }
}
