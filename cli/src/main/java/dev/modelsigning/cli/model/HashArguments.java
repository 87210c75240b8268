package dev.modelsigning.cli.model;

import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options for enumerating and hashing a model for signing. */
public final class HashArguments {

  @Mixin private ModelArgument model = new ModelArgument();

  @Option(
      names = "--allow-symlinks",
      description = "Sign symbolic links to files as what they lead to. Default: they are refused.")
  private boolean allowSymlinks;

  @Option(
      names = "--hash-algorithm",
      paramLabel = "NAME",
      description =
          "One of ${COMPLETION-CANDIDATES}. The Python command line verifies sha256 only. Default:"
              + " sha256.")
  private HashAlgorithm hashAlgorithm = HashAlgorithm.SHA256;

  @Option(
      names = "--shard-size",
      paramLabel = "BYTES",
      description =
          "One digest for each range of this many bytes, in place of one for each file."
              + " The Python command line does not verify shards.")
  private @Nullable Long shardSize;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "The name of the model in the signature. Default: the last component of its path, of the"
              + " repository or of the prefix.")
  private @Nullable String name;

  private List<Finding> findings = List.of();

  /** The model, and what to leave out of it. */
  public ModelArgument model() {
    return model;
  }

  /**
   * Returns a hasher for this model. Invalid numbers are wrong usage.
   *
   * @param accepted the evidence for digests that is accepted besides reading
   */
  public ModelHasher hasher(CommandSpec command, Output output, Evidence... accepted)
      throws IOException {
    Reading reading = model.reading(command, output).allowSymlinks(allowSymlinks);
    if (model.isInRegistry()) {
      reading = reading.accept(Evidence.CONTENT_ADDRESSED);
    }
    for (Evidence other : accepted) {
      reading = reading.accept(other);
    }
    ModelHasher.Builder builder = ModelHasher.builder().hashAlgorithm(hashAlgorithm);
    if (shardSize != null) {
      try {
        builder.shardSize(shardSize);
      } catch (IllegalArgumentException e) {
        throw new WrongUsage(command, "--shard-size: " + e.getMessage(), e);
      }
    }
    if (name != null) {
      try {
        builder.name(name);
      } catch (IllegalArgumentException e) {
        throw new WrongUsage(command, "--name: " + e.getMessage(), e);
      }
    }
    List<String> ignored = model.ignorePaths();
    try {
      builder.reading(ModelArgument.ignoring(reading, ignored));
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, "--ignore-paths: " + e.getMessage(), e);
    }
    findings = model.absent(ignored);
    findings.forEach(output::finding);
    return builder.build();
  }

  /** The findings about the options, which were printed when the hasher was created. */
  public List<Finding> findings() {
    return findings;
  }

  /** Returns a hasher for other files, which computes the digests that they have in a model. */
  public ModelHasher fileHasher() {
    ModelHasher.Builder builder = ModelHasher.builder().hashAlgorithm(hashAlgorithm);
    if (shardSize != null) {
      builder.shardSize(shardSize);
    }
    return builder.build();
  }

  /** Warns if the chosen options limit which other tools can verify the signature. */
  public void warnAboutPeers(Output output) {
    if (shardSize != null || hashAlgorithm != HashAlgorithm.SHA256) {
      output.warning(
          "the Python command line verifies only whole files with sha256;"
              + " it will not verify this signature");
    } else if (model.place().isHere() && Files.isRegularFile(model.model())) {
      output.warning(
          "the Python command line does not verify a model that is a single file;"
              + " sign its directory if that matters");
    } else if (allowSymlinks) {
      output.warning("the Python command line verifies this signature only with --allow_symlinks");
    }
  }
}
