package dev.modelsigning.cli;

import dev.modelsigning.manifest.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The model, what to leave out of it, and how to work on it. Shared by all that hash. */
final class ModelArgument {

  @Parameters(
      index = "0",
      paramLabel = "MODEL_PATH",
      description = "The model: a directory or a file.")
  private @Nullable Path model;

  @Option(
      names = "--ignore-paths",
      paramLabel = "PATH",
      description =
          "Leave out this path and all below it. Relative to the model, absolute, or relative to"
              + " the current directory. Can be repeated.")
  private List<Path> ignorePaths = new ArrayList<>();

  @Option(
      names = "--ignore-git-paths",
      negatable = true,
      fallbackValue = "true",
      description =
          "Leave out .git, .gitattributes, .github and .gitignore at the top of the model."
              + " Default: they are left out")
  private @Nullable Boolean ignoreGitPaths;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Greatest number of threads that hash. Default: the number of processors")
  private @Nullable Long jobs;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing but failures.")
  private boolean quiet;

  Path model() {
    if (model == null) {
      throw new IllegalStateException("picocli requires the model");
    }
    return model;
  }

  /** The paths to leave out, relative to the model. */
  List<String> ignorePaths() throws IOException {
    return IgnorePathArguments.resolve(model(), ignorePaths);
  }

  /** Whether a path looks like a pattern, and no such path exists. */
  boolean isPattern(String path) {
    return path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[') && isAbsent(path);
  }

  private boolean isAbsent(String path) {
    return !Files.exists(model().resolve(path), LinkOption.NOFOLLOW_LINKS);
  }

  /** Says so if there is nothing at a path to leave out: it may be a typing error. */
  void warnAboutAbsent(List<String> paths, Output output) {
    for (String path : paths) {
      if (isAbsent(path)) {
        output.warning("there is nothing to ignore at " + path + " in the model");
      }
    }
  }

  /**
   * How the model is read.
   *
   * @param ignored the paths to leave out, relative to the model
   * @throws IllegalArgumentException if one of them is not canonical
   */
  Reading reading(List<String> ignored, Output output) {
    Reading reading =
        Reading.withDefaults()
            .ignoreGitPaths(!Boolean.FALSE.equals(ignoreGitPaths))
            .progress(ProgressLine.on(output));
    if (jobs != null) {
      reading = reading.parallelism((int) Math.min(jobs, Integer.MAX_VALUE));
    }
    for (String path : ignored) {
      reading = reading.ignorePath(path);
    }
    return reading;
  }

  boolean hasInvalidJobs() {
    return jobs != null && jobs < 1;
  }

  boolean quiet() {
    return quiet;
  }
}
