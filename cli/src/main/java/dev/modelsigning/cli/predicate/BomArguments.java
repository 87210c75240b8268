package dev.modelsigning.cli.predicate;

import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.predicate.ModelBom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What neither the files nor the card say, for a bill of materials that this program writes. */
final class BomArguments {

  @Option(
      names = "--predicate-version",
      paramLabel = "VERSION",
      description = "The version of CycloneDX that is written: 1.6 or 1.7. Default: 1.7.")
  private @Nullable String version;

  @Option(
      names = "--author",
      paramLabel = "NAME",
      description =
          "For cyclonedx without --predicate: a person or an organization that writes the bill of"
              + " materials. Can be repeated.")
  private List<String> authors = new ArrayList<>();

  @Option(
      names = "--supplier",
      paramLabel = "NAME",
      description = "For cyclonedx without --predicate: who provides the model.")
  private @Nullable String supplier;

  @Option(
      names = "--model-version",
      paramLabel = "VERSION",
      description = "For cyclonedx without --predicate: the version of the model.")
  private @Nullable String modelVersion;

  /** The first of these options that was given; empty if none was. */
  String given() {
    if (version != null) {
      return "--predicate-version";
    }
    if (!authors.isEmpty()) {
      return "--author";
    }
    if (supplier != null) {
      return "--supplier";
    }
    return modelVersion == null ? "" : "--model-version";
  }

  /** The settings; refuses invalid ones. */
  ModelBom.Builder builder(CommandSpec command) {
    ModelBom.Builder bom = ModelBom.builder();
    if (version != null) {
      bom.version(
          ModelBom.SpecVersion.of(version)
              .orElseThrow(
                  () -> new WrongUsage(command, "--predicate-version: expected 1.6 or 1.7")));
    }
    try {
      authors.forEach(bom::author);
      Optional.ofNullable(supplier).ifPresent(bom::supplier);
      Optional.ofNullable(modelVersion).ifPresent(bom::modelVersion);
      return bom;
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(
          command,
          "bill of materials: " + e.getMessage() + " (--author, --supplier, --model-version)",
          e);
    }
  }
}
