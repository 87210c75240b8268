package dev.modelsigning.cli.model;

import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.output.ProgressLine;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.HashAlgorithm;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How models are read for a comparison with each other or with a signature. */
public final class ComparedModels {

  @Option(
      names = "--hash-algorithm",
      paramLabel = "NAME",
      description =
          "For two models: ${COMPLETION-CANDIDATES}. Default: sha256, or what the signature says.")
  private @Nullable HashAlgorithm hashAlgorithm;

  @Option(
      names = "--shard-size",
      paramLabel = "BYTES",
      description =
          "For two models: hash each range of this many bytes. Default: whole files, or what the"
              + " signature says.")
  private @Nullable Long shardSize;

  @Option(
      names = "--allow-symlinks",
      description =
          "For two models: take links to files as what they lead to. Default: they are refused, or"
              + " what the signature says.")
  private boolean allowSymlinks;

  @Option(
      names = "--ignore-paths",
      paramLabel = "PATH",
      description =
          "Leave out this path in a model and all below it, relative to the model; what a signature"
              + " lists is compared all the same. Can be repeated.")
  private List<String> ignorePaths = new ArrayList<>();

  @Option(
      names = "--ignore-git-paths",
      negatable = true,
      fallbackValue = "true",
      description =
          "Leave out .git, .gitattributes, .github and .gitignore at the top of a model. Default:"
              + " they are left out.")
  private @Nullable Boolean ignoreGitPaths;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Greatest number of threads that hash. Default: the number of processors.")
  private @Nullable Long jobs;

  /**
   * Returns the hasher of the models. Refuses options that do not apply to the inputs.
   *
   * @param signature whether one of the inputs is a signature, which determines how to hash
   * @param model whether one of the inputs is a model
   */
  public ModelHasher.Builder hasher(
      CommandSpec command, boolean signature, boolean model, Output output) {
    if (signature && (hashAlgorithm != null || shardSize != null || allowSymlinks)) {
      throw new WrongUsage(
          command,
          "--hash-algorithm, --shard-size and --allow-symlinks are for two models; where there is a"
              + " signature, it says how the model is hashed");
    }
    if (!model && (!ignorePaths.isEmpty() || ignoreGitPaths != null)) {
      throw new WrongUsage(
          command,
          "--ignore-paths and --ignore-git-paths are for models, and these are signatures");
    }
    ModelHasher.Builder builder = ModelHasher.builder();
    if (hashAlgorithm != null) {
      builder.hashAlgorithm(hashAlgorithm);
    }
    if (shardSize != null) {
      try {
        builder.shardSize(shardSize);
      } catch (IllegalArgumentException e) {
        throw new WrongUsage(command, "--shard-size: " + e.getMessage(), e);
      }
    }
    try {
      return builder.reading(ModelArgument.ignoring(reading(command, output), ignorePaths));
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, "--ignore-paths: " + e.getMessage(), e);
    }
  }

  private Reading reading(CommandSpec command, Output output) {
    Reading reading =
        Reading.withDefaults()
            .ignoreGitPaths(!Boolean.FALSE.equals(ignoreGitPaths))
            .parallelism(ModelArgument.jobs(jobs, command))
            .progress(ProgressLine.on(output));
    return allowSymlinks ? reading.allowSymlinks(true) : reading;
  }
}
