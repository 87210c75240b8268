package dev.modelsigning.cli.sign;

import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.split.SplitSigner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Whether a model is signed in parts. */
final class SplitArguments {

  @Option(
      names = "--split-by-prefix",
      description =
          "Sign in parts what has more files than a signature can list: a signature for each of"
              + " several sets of directories, and an index of them, in the new directory that"
              + " --signature names (default: model.sig). 'verify' takes that directory.")
  private boolean split;

  @Option(
      names = "--split-size",
      paramLabel = "N",
      description =
          "With --split-by-prefix: the greatest number of files or shards in a part, up to"
              + " 1700000. Default: 1000000.")
  private @Nullable Long size;

  boolean isGiven() {
    return split;
  }

  long size() {
    return size == null ? SplitSigner.MOST_RESOURCES : size;
  }

  /** Refuses invalid combinations of options. */
  void requireUsage(CommandSpec command, boolean elsewhere, boolean hasSecond, boolean updates) {
    if (!split) {
      if (size != null) {
        throw new WrongUsage(command, "--split-size is for --split-by-prefix");
      }
      return;
    }
    if (size != null && (size < 1 || size > SplitSigner.LIMIT)) {
      throw new WrongUsage(command, "--split-size is from 1 to " + SplitSigner.LIMIT);
    }
    if (elsewhere) {
      throw new WrongUsage(
          command,
          "--split-by-prefix is for a model and signatures that are here, or for a model that Spark"
              + " reads");
    }
    if (hasSecond || updates) {
      throw new WrongUsage(
          command, "--split-by-prefix cannot be used with " + (updates ? "--update" : "--also"));
    }
  }
}
