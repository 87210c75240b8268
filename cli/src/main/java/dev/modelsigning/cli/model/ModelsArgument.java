package dev.modelsigning.cli.model;

import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.output.ProgressLine;
import dev.modelsigning.manifest.Reading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One or more models, of which nothing is left out on the command line. */
public final class ModelsArgument {

  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "MODEL_PATH",
      description =
          "The models: directories or files, oci://HOST/REPOSITORY:TAG for those in registries, or"
              + " s3://BUCKET/PREFIX for those in object stores.")
  private List<Place> models = new ArrayList<>();

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description =
          "Greatest number of threads that hash, and of layers that are fetched from a registry at"
              + " once. Default: the number of processors.")
  private @Nullable Long jobs;

  @Option(
      names = {"-q", "--quiet"},
      description = "Print nothing but failures.")
  private boolean quiet;

  /** The models as they were given. */
  public List<Place> models() {
    return List.copyOf(models);
  }

  /** Those of them that are in the file system. */
  public List<Path> paths() {
    return models.stream().filter(Place::isHere).map(Place::path).toList();
  }

  /** How models are read; refuses a number of threads below 1. */
  public Reading reading(CommandSpec command, Output output) {
    return Reading.withDefaults()
        .parallelism(ModelArgument.jobs(jobs, command))
        .progress(ProgressLine.on(output));
  }

  /** Whether to print only failures. */
  public boolean quiet() {
    return quiet;
  }
}
