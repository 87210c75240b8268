package dev.modelsigning.cli.verify;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.Program;
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
  private final Program program;
  private final Output output;

  /**
   * Creates it.
   *
   * @param directory the directory with the index
   */
  PartsVerification(VerifyArguments arguments, Path directory, Program program) {
    this.arguments = arguments;
    this.directory = directory;
    this.program = program;
    this.output = program.output(arguments.model().quiet());
  }

  /**
   * Verifies the model, and returns the verdicts about its parts: only if it did not change from
   * the first to the last of them.
   */
  EachModel run(ModelSource model, BundleVerifier trust, ModelVerifier verifier)
      throws IOException, MalformedBundleException, VerificationException {
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
      program.failing(e);
      Verdict failed = Verdict.failed(arguments.model().place().toString(), e);
      arguments.print(failed.withMessages(output::withoutSecrets), output);
      throw e;
    }
    return parts;
  }
}
