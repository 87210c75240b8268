package dev.modelsigning.cli;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.report.Verdict;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What all methods of verification have in common: their options, and the verdict. */
final class VerifyArguments {

  @Mixin private ModelArgument model = new ModelArgument();

  @Option(
      names = "--signature",
      paramLabel = "FILE",
      required = true,
      description = "The signature file.")
  private @Nullable Path signature;

  @Option(
      names = "--allow-symlinks",
      negatable = true,
      fallbackValue = "true",
      description =
          "The signature says whether links to files are allowed; with --no-allow-symlinks they are"
              + " refused all the same.")
  private @Nullable Boolean allowSymlinks;

  @Option(
      names = "--ignore-unsigned-files",
      negatable = true,
      fallbackValue = "true",
      description =
          "Report files that are not signed, and do not fail because of them. Default: they fail")
  private @Nullable Boolean ignoreUnsignedFiles;

  @Option(
      names = "--strict",
      description =
          "Everything must be signed but the signature file and what --ignore-paths names here:"
              + " what the signer left out, git paths and empty files under shards fail, and so does"
              + " a manifest that is not in code point order.")
  private boolean strict;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "How to print the verdict on standard output: ${COMPLETION-CANDIDATES}. JSON is printed on"
              + " failure too, with all differences. Default: text")
  private Format format = Format.TEXT;

  /** Gets what to verify with: whom to trust, and who must have signed. */
  @FunctionalInterface
  interface Loader {
    BundleVerifier load() throws IOException, UnusableTrustException;
  }

  /** The forms of a verdict. */
  private enum Format {
    TEXT,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  ModelArgument model() {
    return model;
  }

  /** Verifies the model and prints the verdict. */
  void verify(Loader loader, CommandSpec command)
      throws IOException, UnusableTrustException, MalformedBundleException, VerificationException {
    Output output = ModelSigning.of(command).output(model.quiet());
    Verdict verdict;
    try {
      ModelVerifier verifier = modelVerifier(loader.load(), command, output);
      verdict = Verdict.of(verifier.verify(model.model(), Objects.requireNonNull(signature)));
    } catch (IOException
        | UnusableTrustException
        | MalformedBundleException
        | VerificationException e) {
      if (format == Format.JSON) {
        output.data(
            Verdict.failed(model.model().toString(), e)
                .withMessages(Output::withoutSecrets)
                .toJson());
      }
      throw e;
    }
    if (format == Format.JSON) {
      output.data(verdict.toJson());
    } else {
      output.result(verdict.headline());
      verdict.lines().forEach(output::info);
    }
    verdict.findings().forEach(output::finding);
  }

  private ModelVerifier modelVerifier(BundleVerifier verifier, CommandSpec command, Output output)
      throws IOException {
    if (model.hasInvalidJobs()) {
      throw new WrongUsage(command.commandLine(), "--jobs must be at least 1");
    }
    boolean ignoreUnsigned = Boolean.TRUE.equals(ignoreUnsignedFiles);
    if (strict && ignoreUnsigned) {
      throw new WrongUsage(
          command.commandLine(), "--strict and --ignore-unsigned-files exclude each other");
    }
    List<String> ignored = model.ignorePaths();
    for (String path : ignored) {
      if (model.isPattern(path)) {
        throw new WrongUsage(
            command.commandLine(),
            "--ignore-paths: there is nothing at "
                + Printable.quote(path)
                + ", and there are no patterns; name the path itself");
      }
    }
    try {
      Reading reading = model.reading(ignored, output);
      if (Boolean.FALSE.equals(allowSymlinks)) {
        reading = reading.allowSymlinks(false);
      }
      ModelVerifier result =
          ModelVerifier.builder(verifier)
              .reading(reading)
              .ignoreUnsignedFiles(ignoreUnsigned)
              .strict(strict)
              .build();
      model.warnAboutAbsent(ignored, output);
      return result;
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command.commandLine(), "--ignore-paths: " + e.getMessage(), e);
    }
  }
}
