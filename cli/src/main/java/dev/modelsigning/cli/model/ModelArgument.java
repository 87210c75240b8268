package dev.modelsigning.cli.model;

import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Program.Cluster;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.output.ProgressLine;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.ModelSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The model, what to leave out of it, and how to process it. Shared by all commands that hash. */
public final class ModelArgument {

  /**
   * How many layers or objects are read at the same time from elsewhere, unless the user says how
   * many.
   */
  private static final int STREAMS = 4;

  /** The same from an object store, which answers each of many small requests late. */
  private static final int STREAMS_OF_STORES = 16;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Parameters(
      index = "0",
      paramLabel = "MODEL_PATH",
      description =
          "The model: a directory or a file. 'sign', 'verify', 'attest' and 'verify-attestation' also"
              + " take oci://HOST/REPOSITORY:TAG, and they and 'digest' s3://BUCKET/PREFIX.")
  private @Nullable Place model;

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
              + " Default: they are left out.")
  private @Nullable Boolean ignoreGitPaths;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description =
          "Greatest number of threads that hash, and of layers that are fetched from a registry or"
              + " pushed to it at once. Default: the number of processors; from a registry at"
              + " least 4, from an object store at least 16.")
  private @Nullable Long jobs;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing but failures.")
  private boolean quiet;

  /** Returns the same options for another model. */
  public ModelArgument at(Path other) {
    ModelArgument argument = new ModelArgument();
    argument.command = command;
    argument.model = Place.of(other);
    argument.ignorePaths = ignorePaths;
    argument.ignoreGitPaths = ignoreGitPaths;
    argument.jobs = jobs;
    argument.quiet = quiet;
    return argument;
  }

  /** Whether a model was given. */
  public boolean isNamed() {
    return model != null;
  }

  /** The model as it was given. */
  public Place place() {
    if (model == null) {
      throw new IllegalStateException("picocli requires the model");
    }
    return model;
  }

  /** Whether the model is in a registry. */
  public boolean isInRegistry() {
    return model != null && model.isInRegistry();
  }

  /** Whether the model is in an object store. */
  public boolean isInStore() {
    return model != null && model.isInStore();
  }

  /** Whether a cluster reads the model. */
  public boolean isOnCluster() {
    return model != null && model.isOnCluster();
  }

  /**
   * Refuses a model that is not on the cluster, if there is one: whoever starts a cluster means it.
   */
  public void requireOnCluster(CommandSpec command) {
    Optional<Cluster> cluster = Program.of(command).cluster();
    if (cluster.isPresent() && !isOnCluster()) {
      throw new WrongUsage(
          command,
          "the model is to be where all machines of the cluster can read it: "
              + cluster.get().forms());
    }
  }

  /** The model as the cluster reads it. */
  public ModelSource onCluster(CommandSpec command) throws IOException {
    Cluster cluster = Program.of(command).cluster().orElseThrow();
    try {
      return cluster.open(place().argument());
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, String.valueOf(e.getMessage()), e);
    }
  }

  private boolean isElsewhere() {
    return model != null && !model.isHere();
  }

  /**
   * The model by the path that was given. One that is not here is wrong usage: commands that can
   * handle it ask before.
   */
  public Path model() {
    if (isInStore() && command != null) {
      throw new WrongUsage(
          command,
          "this command takes a directory or a file; 'verify' with --copy-to fetches a model from an"
              + " object store");
    }
    if (isInRegistry() && command != null) {
      throw new WrongUsage(
          command,
          "this command takes a directory or a file; a model in a registry is for 'sign' and"
              + " 'verify', whose option --pull also fetches it");
    }
    if (isOnCluster() && command != null) {
      throw new WrongUsage(command, "this command takes a directory or a file, and no cluster");
    }
    return place().path();
  }

  /** The model, or a placeholder if it does not exist: it may be a secret in the wrong place. */
  public Place shown() {
    return model != null && (isElsewhere() || Files.exists(model.path()))
        ? model
        : Place.of(Path.of("MODEL_PATH"));
  }

  /**
   * Fails if there is no model, before a secret is requested or a service is called. A registry is
   * asked later.
   */
  public void requireExisting() throws IOException {
    if (!isElsewhere() && !Files.exists(model())) {
      throw noSuchFile(place());
    }
  }

  /** The failure for a model that does not exist, which may have been meant to be in a registry. */
  public static NoSuchFileException noSuchFile(Place place) {
    return new NoSuchFileException(
        place.path().toString(),
        null,
        place
            .adviceOnRegistry()
            .map(advice -> "no such file or directory; " + advice)
            .orElse(null));
  }

  /** The paths to leave out, relative to the model. */
  public List<String> ignorePaths() throws IOException {
    return isElsewhere()
        ? ignorePaths.stream().map(IgnorePathArguments::name).toList()
        : IgnorePathArguments.resolve(model(), ignorePaths);
  }

  /** The path in the model to which verification is restricted; {@code .} for the whole model. */
  public String only(Path argument) throws IOException {
    return isElsewhere()
        ? IgnorePathArguments.name(argument)
        : IgnorePathArguments.only(model(), argument);
  }

  /** Whether a path looks like a pattern, and no such path exists. */
  public boolean isPattern(String path) {
    return !isElsewhere()
        && path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[')
        && isAbsent(path);
  }

  private boolean isAbsent(String path) {
    return !Files.exists(model().resolve(path), LinkOption.NOFOLLOW_LINKS);
  }

  /** A finding for each ignored path at which nothing exists: it may be a typing error. */
  public List<Finding> absent(List<String> paths) {
    // What is elsewhere is not known before it is listed.
    return (isElsewhere() ? List.<String>of() : paths)
        .stream()
            .filter(this::isAbsent)
            .map(path ->
                Finding.of(
                    Rules.IGNORED_PATH_ABSENT,
                    "there is nothing to ignore at "
                        + path
                        + " in the model; correct the path if it is mistyped, as whatever is put there"
                        + " later is left out"))
            .toList();
  }

  /** How the model is read, except for the ignored paths; refuses a number of threads below 1. */
  public Reading reading(CommandSpec command, Output output) {
    return Reading.withDefaults()
        .ignoreGitPaths(!Boolean.FALSE.equals(ignoreGitPaths))
        .parallelism(
            isElsewhere() && jobs == null
                // Reading waits for the network more than for a processor.
                ? Math.max(place().isInStore() ? STREAMS_OF_STORES : STREAMS, jobs(jobs, command))
                : jobs(jobs, command))
        .progress(ProgressLine.on(output));
  }

  /**
   * Returns the same settings, ignoring these paths too.
   *
   * @throws IllegalArgumentException if one of them is not canonical
   */
  public static Reading ignoring(Reading reading, List<String> paths) {
    Reading more = reading;
    for (String path : paths) {
      more = more.ignorePath(path);
    }
    return more;
  }

  /** A number of threads; the number of processors if none is given. */
  static int jobs(@Nullable Long jobs, CommandSpec command) {
    if (jobs == null) {
      return Runtime.getRuntime().availableProcessors();
    }
    if (jobs < 1) {
      throw new WrongUsage(command, "--jobs must be at least 1");
    }
    return (int) Math.min(jobs, Integer.MAX_VALUE);
  }

  /** Whether to print only failures. */
  public boolean quiet() {
    return quiet;
  }
}
