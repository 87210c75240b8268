package dev.modelsigning.cli.predicate;

import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.predicate.GeneratedPredicate;
import dev.modelsigning.predicate.MalformedPredicateException;
import dev.modelsigning.predicate.ModelBom;
import dev.modelsigning.predicate.PredicateType;
import dev.modelsigning.predicate.ResolvedDependency;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * What is attested: a predicate from a file, or one that is written from the verified model. {@link
 * #check} comes first, as it needs neither; {@link #generate} follows when the model is verified.
 */
public final class PredicateArguments {

  @Option(
      names = "--predicate-type",
      paramLabel = "TYPE",
      required = true,
      description =
          "What is attested: a URI, or cyclonedx, spdx, slsa, vsa, test-result or vulns, whose form"
              + " is checked.")
  private @Nullable String typeText;

  @Option(
      names = "--predicate",
      paramLabel = "FILE",
      description =
          "The predicate: a JSON object of at most 16 MiB. Default: cyclonedx (the bill of materials"
              + " of the model) and slsa (provenance) are written from the verified model.")
  private @Nullable Path file;

  @Mixin private BomArguments materials = new BomArguments();

  @Mixin private ProvenanceArguments provenance = new ProvenanceArguments();

  @Mixin private LineageArguments lineage = new LineageArguments();

  /** The predicate from the file, once it was checked. */
  private @Nullable String given;

  /** The type, from {@link #check} on. */
  private @Nullable PredicateType type;

  /** The settings for a bill of materials, from {@link #check} on. */
  private ModelBom.Builder bom = ModelBom.builder();

  /** The type of the predicate. Only after {@link #check}. */
  public PredicateType type() {
    return Objects.requireNonNull(type);
  }

  /** The files that are read, which nothing must overwrite. */
  public List<Path> files(CommandSpec command, boolean quiet) throws IOException {
    List<Path> files = new ArrayList<>(lineage.files(command, quiet));
    if (file != null) {
      files.add(file);
    }
    return files;
  }

  /** The directories of base models and datasets, in which nothing must be written. */
  public List<Path> directories() {
    return lineage.directories();
  }

  /**
   * Refuses invalid combinations of options, reads and checks the predicate, and checks all else
   * that is known before a model is hashed.
   *
   * @throws IOException if the predicate cannot be read
   * @throws MalformedPredicateException if it does not have the form of its type, or the
   *     environment of a build is malformed; the message names the field
   */
  public void check(CommandSpec command) throws IOException, MalformedPredicateException {
    type = type(command);
    boolean isBom = type.equals(PredicateType.CYCLONEDX);
    boolean isProvenance = type.equals(PredicateType.SLSA);
    if (file == null && !isBom && !isProvenance) {
      throw new WrongUsage(
          command,
          "--predicate is needed; only predicates of the types cyclonedx and slsa are written by"
              + " this program");
    }
    requireWritten(materials.given(), PredicateType.CYCLONEDX, command);
    requireWritten(provenance.given(), PredicateType.SLSA, command);
    if (lineage.isGiven() && file != null) {
      throw new WrongUsage(
          command,
          lineage.given()
              + " is for predicates that this program writes, and cannot be used with"
              + " --predicate");
    }
    lineage.requireUsage(command);
    if (file != null) {
      given = type.read(file);
    } else if (isProvenance) {
      provenance.check(command, Program.of(command).environment());
    } else {
      bom = materials.builder(command);
    }
    lineage.requireExisting();
  }

  /** Refuses an option for predicates of a type that this program writes, where it writes none. */
  private void requireWritten(String option, PredicateType wanted, CommandSpec command) {
    if (!option.isEmpty() && (file != null || !wanted.equals(type))) {
      throw new WrongUsage(
          command,
          option
              + " needs --predicate-type "
              + wanted.name().orElseThrow()
              + ", and no --predicate");
    }
  }

  private PredicateType type(CommandSpec command) {
    try {
      return PredicateType.of(Objects.requireNonNull(typeText));
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, "--predicate-type: " + e.getMessage(), e);
    }
  }

  /**
   * The predicate. Only after {@link #check}.
   *
   * @param model the model, of which all files were verified
   * @param sameAsModel the verifier of the model's signature, for base models and datasets unless
   *     the options name others
   * @throws VerificationException if a base model or a dataset fails to verify
   */
  public GeneratedPredicate generate(
      VerifiedModel model, BundleVerifier sameAsModel, CommandSpec command)
      throws IOException, UnusableTrustException, MalformedBundleException, VerificationException {
    if (given != null) {
      return new GeneratedPredicate(given, List.of());
    }
    List<ResolvedDependency> dependencies = lineage.resolve(sameAsModel, command);
    if (type().equals(PredicateType.CYCLONEDX)) {
      dependencies.forEach(bom::dependency);
      return bom.build().about(model);
    }
    return provenance.checked().with(dependencies).about(model);
  }
}
