package dev.modelsigning.cli.verify;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.ListArguments;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.VerdictFormat;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.method.BundleMethod;
import dev.modelsigning.cli.model.ModelArgument;
import dev.modelsigning.cli.model.SignedReading;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.cli.store.StoreArguments;
import dev.modelsigning.content.ModelContents;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.report.Facts;
import dev.modelsigning.report.Verdict;
import dev.modelsigning.s3.S3Options;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.UnusableTrustException;
import dev.modelsigning.split.SplitVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of all verification commands. */
final class VerifyArguments {

  @Mixin private ModelArgument model = new ModelArgument();

  @Option(
      names = "--signature",
      paramLabel = "FILE",
      required = true,
      description =
          "The signature file, or the directory with an index of parts; s3://BUCKET/KEY; or oci://HOST/REPOSITORY:TAG, to find the"
              + " signature in a registry. For a model in a registry it is found there unless it is"
              + " named.")
  private @Nullable Place signature;

  @Mixin private SignedReading signed = new SignedReading();

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
          "How to print the verdict on standard output: ${COMPLETION-CANDIDATES}. JSON and SARIF"
              + " 2.1.0 are printed on failure too, with all differences. Default: text.")
  private VerdictFormat format = VerdictFormat.TEXT;

  @Option(names = "--list-files", description = "List every file that is signed with its digest.")
  private boolean listFiles;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "Write the verdict as a page for people too, in HTML, whichever it is. A file that is"
              + " there is replaced. It must not lie in the model.")
  private @Nullable Path report;

  @Option(
      names = "--only",
      paramLabel = "PATH",
      description =
          "Hash only this file, or all below this directory. A *.safetensors.index.json stands for"
              + " all parts that it names, one part of a split GGUF for all. Files that are not signed"
              + " or missing fail all the same; the verdict says that it is partial, and which files"
              + " were not hashed. Relative to the model, absolute, or relative to the current"
              + " directory. Can be repeated.")
  private List<Path> only = new ArrayList<>();

  @Option(
      names = "--copy-to",
      paramLabel = "DIR",
      description =
          "Copy the signed files into this new directory, from the very bytes that are hashed. It is"
              + " there when the model is verified, complete, for its owner only; otherwise not at"
              + " all. Nothing is replaced.")
  private @Nullable Path copy;

  @Option(
      names = "--pull",
      paramLabel = "DIR",
      description =
          "For a model in a registry: fetch it into this new directory while it is verified, as"
              + " --copy-to does. Without it, layers that are files are compared by their digests,"
              + " and not read.")
  private @Nullable Path pull;

  @Mixin private ListArguments lists = new ListArguments();

  @Mixin private EachArguments each = new EachArguments();

  @Mixin private StoreArguments store = new StoreArguments();

  /** Findings about these options. */
  private final List<Finding> findings = new ArrayList<>();

  /** Many models instead of one. */
  EachArguments each() {
    return each;
  }

  /**
   * Refuses invalid combinations of options, and arguments that give neither one model nor many.
   */
  void requireUsage(CommandSpec command) {
    each.requireUsage(command, model.isNamed() || signature != null);
    if (!each.isGiven() && (!model.isNamed() || (signature == null && !model.isInRegistry()))) {
      throw new WrongUsage(command, "name MODEL_PATH and --signature, or many models with --each");
    }
    requireRegistryUsage(command);
    requireStoreUsage(command);
    requireClusterUsage(command);
    requirePartsUsage(command);
    if (listFiles && format == VerdictFormat.SARIF) {
      throw new WrongUsage(
          command, "--list-files needs --format text or json; SARIF has results only");
    }
    if (each.isGiven() && format == VerdictFormat.SARIF) {
      throw new WrongUsage(command, "--each needs --format text or json; SARIF is of one model");
    }
    if (each.isGiven() && listFiles && format == VerdictFormat.TEXT) {
      throw new WrongUsage(command, "--list-files with --each needs --format json");
    }
    if (each.isGiven() && report != null) {
      throw new WrongUsage(command, "--report is for one model and cannot be used with --each");
    }
    if (each.isGiven() && !only.isEmpty()) {
      throw new WrongUsage(command, "--only is for one model and cannot be used with --each");
    }
    if (each.isGiven() && copy != null) {
      throw new WrongUsage(command, "--copy-to is for one model and cannot be used with --each");
    }
  }

  private void requireStoreUsage(CommandSpec command) {
    store.requireUsage(command, usesStore());
    if (usesStore() && usesRegistry()) {
      throw new WrongUsage(
          command,
          "a model in an object store and a registry cannot be verified together; fetch one");
    }
    if (model.isInStore() && signed.isVolume()) {
      throw new WrongUsage(command, "--kubernetes-volume is for a model that is mounted");
    }
  }

  /** The directory of an index of parts, if the signature is one, or its index was named. */
  Optional<Path> parts() {
    if (signature == null || !signature.isHere()) {
      return Optional.empty();
    }
    Path path = signature.path();
    // A class is loaded only where it is needed.
    return Files.isDirectory(path) || path.endsWith("index.json") || path.endsWith("index.sig")
        ? SplitVerifier.index(path).filter(directory -> !isModel(directory))
        : Optional.empty();
  }

  /** Whether a directory is the model itself: an index is a signed model, too. */
  private boolean isModel(Path directory) {
    return !model.isInRegistry()
        && !model.isInStore()
        && !model.isOnCluster()
        && model
            .model()
            .toAbsolutePath()
            .normalize()
            .equals(directory.toAbsolutePath().normalize());
  }

  private void requirePartsUsage(CommandSpec command) {
    if (parts().isEmpty()) {
      return;
    }
    if (report != null || copy != null || pull != null || !only.isEmpty()) {
      throw new WrongUsage(
          command,
          "a model that was signed in parts is verified without --report, --copy-to, --pull and"
              + " --only");
    }
    if (format == VerdictFormat.SARIF || (listFiles && format == VerdictFormat.TEXT)) {
      throw new WrongUsage(
          command,
          "a model that was signed in parts needs --format text, or json for --list-files");
    }
    if (model.isInStore() || model.isInRegistry()) {
      throw new WrongUsage(
          command, "a model that was signed in parts is verified here, or with Spark");
    }
  }

  private void requireClusterUsage(CommandSpec command) {
    if (!each.isGiven()) {
      model.requireOnCluster(command);
    } else if (Program.of(command).cluster().isPresent()) {
      throw new WrongUsage(command, "--each is for models that are here");
    }
    if (!model.isOnCluster()) {
      return;
    }
    if (signature != null && !signature.isHere()) {
      throw new WrongUsage(command, "--signature: name a file of this machine");
    }
    if (copy != null) {
      throw new WrongUsage(command, "--copy-to is for a model that this machine reads");
    }
    if (signed.isVolume()) {
      throw new WrongUsage(command, "--kubernetes-volume is for a model that is mounted");
    }
  }

  private void requireRegistryUsage(CommandSpec command) {
    if (pull != null && !model.isInRegistry()) {
      throw new WrongUsage(
          command, "--pull is for a model in a registry; --copy-to copies one that is here");
    }
    if (pull != null && copy != null) {
      throw new WrongUsage(command, "--pull and --copy-to are the same; name one directory");
    }
    if (model.isInRegistry() && signed.isVolume()) {
      throw new WrongUsage(command, "--kubernetes-volume is for a model that is mounted");
    }
  }

  /** The directory for a copy of the model, if requested. */
  Optional<Path> copy() {
    return Optional.ofNullable(pull == null ? copy : pull);
  }

  /** Whether the model or its signature is in a registry. */
  boolean usesRegistry() {
    return model.isInRegistry() || (signature != null && signature.isInRegistry());
  }

  /** Whether the model or its signature is in an object store. */
  boolean usesStore() {
    return model.isInStore() || (signature != null && signature.isInStore());
  }

  /** How an object store is asked. */
  S3Options store(Map<String, String> environment) {
    return store.options(environment, false);
  }

  /** Whether everything must be signed. */
  boolean isStrict() {
    return strict;
  }

  /** Whether every file is listed. */
  boolean listsFiles() {
    return listFiles;
  }

  /** Whether the verdict is machine-readable. */
  boolean isJson() {
    return format == VerdictFormat.JSON;
  }

  /** Whether links may be followed where the signer allowed it. */
  boolean mayFollowLinks() {
    return signed.mayFollowLinks();
  }

  /** The largest number of lines of a list. */
  int mostLines() {
    return lists.mostLines();
  }

  ModelArgument model() {
    return model;
  }

  /** The source of the model. */
  ModelSource source(Path place) {
    return signed.source(place);
  }

  /** The ignored paths, by the names of the files in the model. */
  private List<String> ignorePaths(ModelArgument model) throws IOException {
    List<String> given = model.ignorePaths();
    if (!signed.isVolume()) {
      return given;
    }
    List<String> names = new ArrayList<>();
    for (String path : given) {
      // The links of the volume in the path were resolved into the target directory.
      names.add(source(model.model()).nameOf(model.model().resolve(path)).orElse(path));
    }
    return names;
  }

  /** The selected paths, by the names of the files in the model. */
  private List<String> only(ModelArgument model, CommandSpec command) throws IOException {
    List<String> names = new ArrayList<>();
    for (Path argument : only) {
      String path = model.only(argument);
      if (model.isPattern(path)) {
        throw new WrongUsage(
            command,
            "--only: there is nothing at "
                + Printable.quote(path)
                + ", and there are no patterns; name the path itself");
      }
      names.add(
          signed.isVolume() && !path.equals(".")
              ? source(model.model()).nameOf(model.model().resolve(path)).orElse(path)
              : path);
    }
    return names;
  }

  /** The method of the bundle in the signature file, if one was given that can be read. */
  @Nullable BundleMethod method() {
    try {
      return signature == null || !signature.isHere()
          ? null
          : BundleMethod.of(Bundle.read(signature.path()));
    } catch (IOException | MalformedBundleException e) {
      return null; // no hint; another failure is reported
    }
  }

  /** The signature file, where one is required. */
  Path signature() {
    return Objects.requireNonNull(signature).path();
  }

  /** The signature as it was named. */
  Optional<Place> signaturePlace() {
    return Optional.ofNullable(signature);
  }

  /** The file for a report, if requested. */
  Optional<Path> report() {
    return Optional.ofNullable(report);
  }

  /**
   * Prints a verdict in the format of these options. Further text about a failure is printed by the
   * caller that reports it.
   */
  void print(Verdict verdict, Output output) throws IOException {
    if (format.isForMachines()) {
      verdict.warnings().forEach(output::finding);
      OptionalInt status = OptionalInt.of(verdict.isVerified() ? ExitCode.OK : ExitCode.SOFTWARE);
      if (verdict.isVerified()) {
        report().ifPresent(file -> output.note(ReportFile.note(file)));
      }
      Verdict complete = complete(verdict);
      output.verdict(to -> format.write(complete, status, listFiles, to));
    } else if (verdict.isVerified()) {
      output.verified(verdict.headline());
      verdict.lines(lists.mostLines()).forEach(output::fact);
      report()
          .ifPresent(
              file -> new Facts().add("report", file.toString()).lines().forEach(output::info));
      if (listFiles) {
        list(verdict, output);
      }
      verdict.warnings().forEach(output::finding);
    }
  }

  private static void list(Verdict verdict, Output output) {
    verdict
        .manifest()
        .ifPresent(manifest -> {
          output.info("Signed files:");
          manifest
              .resources()
              .forEach(resource -> output.info("  " + resource.digest() + "  " + resource.name()));
        });
  }

  /**
   * Warns if an ignored path, or something below it, is signed: signed files are always verified.
   */
  void warnAboutSigned(Verdict verdict, Output output) throws IOException {
    for (String path : ignorePaths(model)) {
      signed(verdict)
          .filter(name -> name.equals(path) || name.startsWith(path + "/") || isShard(name, path))
          .findFirst()
          .ifPresent(name ->
              find(
                  Finding.of(
                      Rules.IGNORED_PATH_SIGNED,
                      "--ignore-paths "
                          + Printable.quote(path)
                          + " has no effect on what is signed, such as "
                          + Printable.quote(name)),
                  output));
    }
  }

  private void find(Finding finding, Output output) {
    output.finding(finding);
    findings.add(finding);
  }

  /** Returns the same verdict with the findings about these options, which were printed. */
  Verdict complete(Verdict verdict) {
    return verdict.withFindings(findings);
  }

  /**
   * The signed names, as far as the verdict knows them; produced each time, as there may be many.
   */
  private static Stream<String> signed(Verdict verdict) {
    return verdict.manifest().stream()
        .flatMap(manifest -> manifest.resources().stream().map(ResourceDescriptor::name));
  }

  /** Whether it is the name of a shard of this file. */
  private static boolean isShard(String name, String path) {
    return name.startsWith(path + ":") && name.substring(path.length()).matches(":\\d+:\\d+");
  }

  /** Creates the verifier of bundles. */
  @FunctionalInterface
  interface Trust {
    BundleVerifier verifier() throws IOException, UnusableTrustException;
  }

  /**
   * Returns the verifier of models for these options. Invalid combinations are refused before any
   * trusted file is read.
   */
  ModelVerifier modelVerifier(ModelArgument model, CommandSpec command, Output output, Trust trust)
      throws IOException, UnusableTrustException {
    Reading reading = signed.of(model.reading(command, output));
    if (model.isInRegistry()) {
      reading = reading.accept(Evidence.CONTENT_ADDRESSED);
    }
    if (strict && signed.ignoresUnsignedFiles()) {
      throw new WrongUsage(command, "--strict and --ignore-unsigned-files exclude each other");
    }
    List<String> ignored = ignorePaths(model);
    for (String path : ignored) {
      if (model.isPattern(path)) {
        throw new WrongUsage(
            command,
            "--ignore-paths: there is nothing at "
                + Printable.quote(path)
                + ", and there are no patterns; name the path itself");
      }
    }
    try {
      reading = ModelArgument.ignoring(reading, ignored);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, "--ignore-paths: " + e.getMessage(), e);
    }
    List<String> selected = only(model, command);
    BundleVerifier verifier = trust.verifier();
    try {
      ModelVerifier.Builder builder =
          ModelVerifier.builder(verifier)
              .reading(reading)
              .ignoreUnsignedFiles(signed.ignoresUnsignedFiles())
              .strict(strict)
              .keepSizes(report != null);
      if (!model.isOnCluster()) {
        builder.inspector(ModelContents.INSTANCE); // there it would see nothing, and say so
      }
      selected.forEach(builder::only);
      ModelVerifier result = builder.build();
      if (!each.isGiven()) {
        model.absent(ignored).forEach(finding -> find(finding, output));
      }
      return result;
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, "--ignore-paths: " + e.getMessage(), e);
    }
  }
}
