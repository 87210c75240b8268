package dev.modelsigning.cli.predicate;

import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.Task;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.output.ProgressLine;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.predicate.ResolvedDependency;
import dev.modelsigning.predicate.ResolvedDependency.Role;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerifiedPayload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What the model was made from: base models, which are verified, and datasets. */
final class LineageArguments {

  @Option(
      names = "--base-model",
      paramLabel = "DIR",
      description =
          "A model from which this one was derived; it is verified with --base-signature. Can be"
              + " repeated, together with that.")
  private List<Path> baseModels = new ArrayList<>();

  @Option(
      names = "--base-signature",
      paramLabel = "FILE",
      description = "The signature file of --base-model.")
  private List<Path> baseSignatures = new ArrayList<>();

  @Option(
      names = "--dataset",
      paramLabel = "DIR_OR_SIGNATURE",
      description =
          "A dataset with which the model was made: a directory, which is hashed as 'sign' hashes"
              + " it, or its signature file, which is authenticated. Can be repeated.")
  private List<Path> datasets = new ArrayList<>();

  @Mixin private LineageTrust trust = new LineageTrust();

  /** Whether any of these options was given. */
  boolean isGiven() {
    return !given().isEmpty();
  }

  /** The first of these options that was given; empty if none was. */
  String given() {
    if (!baseModels.isEmpty()) {
      return "--base-model";
    }
    if (!baseSignatures.isEmpty()) {
      return "--base-signature";
    }
    return datasets.isEmpty() ? trust.given() : "--dataset";
  }

  /** The files that are read, except those of models and datasets. */
  List<Path> files(CommandSpec command, boolean quiet) throws IOException {
    List<Path> files = new ArrayList<>(baseSignatures);
    datasets.stream().filter(Files::isRegularFile).forEach(files::add);
    files.addAll(trust.files(command, quiet));
    return files;
  }

  /** The directories of base models and datasets. */
  List<Path> directories() {
    List<Path> directories = new ArrayList<>(baseModels);
    datasets.stream().filter(Files::isDirectory).forEach(directories::add);
    return directories;
  }

  /** Refuses invalid combinations of options. */
  void requireUsage(CommandSpec command) {
    if (baseModels.size() != baseSignatures.size()) {
      throw new WrongUsage(
          command, "--base-model and --base-signature need each other, each time they are given");
    }
    if (!trust.given().isEmpty() && baseModels.isEmpty() && datasets.isEmpty()) {
      throw new WrongUsage(command, trust.given() + " needs --base-model or --dataset");
    }
    trust.requireUsage(command);
  }

  /** Fails if one of the paths does not exist, before any model is hashed. */
  void requireExisting() throws IOException {
    List<Path> all = new ArrayList<>(baseModels);
    all.addAll(baseSignatures);
    all.addAll(datasets);
    for (Path path : all) {
      if (!Files.exists(path)) {
        throw new NoSuchFileException(path.toString());
      }
    }
  }

  /**
   * Verifies the base models, authenticates signatures of datasets, and hashes the other datasets.
   *
   * @param sameAsModel the verifier, unless the options name another
   */
  List<ResolvedDependency> resolve(BundleVerifier sameAsModel, CommandSpec command)
      throws IOException, UnusableTrustException, MalformedBundleException, VerificationException {
    if (baseModels.isEmpty() && datasets.isEmpty()) {
      return List.of();
    }
    boolean quiet = command.userObject() instanceof Task task && task.quiet();
    Output output = Program.of(command).output(quiet);
    Reading reading = Reading.withDefaults().progress(ProgressLine.on(output));
    BundleVerifier verifier = trust.verifier(sameAsModel, command, quiet);
    List<ResolvedDependency> resolved = new ArrayList<>();
    List<String> signers = new ArrayList<>();
    for (int i = 0; i < baseModels.size(); i++) {
      Path model = baseModels.get(i);
      ResolvedDependency verified =
          baseModel(model, baseSignatures.get(i), verifier, reading, output);
      verified.signedBy().ifPresent(who -> signers.add(signer("base model", model, who)));
      resolved.add(verified);
    }
    for (Path dataset : datasets) {
      if (Files.isDirectory(dataset)) {
        HashedModel hashed = ModelHasher.builder().reading(reading).build().hash(dataset);
        hashed.findings().forEach(output::finding);
        resolved.add(ResolvedDependency.of(Role.DATASET, hashed));
      } else {
        ResolvedDependency authenticated = signedDataset(dataset, verifier, output);
        authenticated.signedBy().ifPresent(who -> signers.add(signer("dataset", dataset, who)));
        resolved.add(authenticated);
      }
    }
    // All at the end, as a failure is the first line of its output.
    signers.forEach(output::note);
    return resolved;
  }

  /** Says who signed it, as there may be several who could have. */
  private static String signer(String what, Path path, String who) {
    return what + " " + path + ": signed by " + who;
  }

  private static ResolvedDependency baseModel(
      Path model, Path signature, BundleVerifier verifier, Reading reading, Output output)
      throws IOException, MalformedBundleException, VerificationException {
    try {
      VerifiedModel verified =
          ModelVerifier.builder(verifier).reading(reading).build().verify(model, signature);
      verified.findings().forEach(output::finding);
      return ResolvedDependency.of(Role.BASE_MODEL, verified, DirectorySource.of(model).name());
    } catch (ModelMismatchException e) {
      // Without its class, as the differences are not those of the model that is attested.
      throw new VerificationException(
          e.reason(),
          "about a base model: " + e.getMessage() + "; 'model-signing verify' says what differs",
          e);
    } catch (VerificationException e) {
      throw new VerificationException(
          e.reason(), "the base model " + model + ": " + e.getMessage(), e);
    }
  }

  private static ResolvedDependency signedDataset(
      Path signature, BundleVerifier verifier, Output output)
      throws IOException, MalformedBundleException, VerificationException {
    try {
      VerifiedPayload authenticated = verifier.verify(Bundle.read(signature));
      authenticated.findings().forEach(output::finding);
      return ResolvedDependency.of(Role.DATASET, authenticated, fileName(signature));
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(signature, e);
    } catch (VerificationException e) {
      throw new VerificationException(
          e.reason(), "the dataset " + signature + ": " + e.getMessage(), e);
    }
  }

  private static String fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? path.toString() : name.toString();
  }
}
