package dev.modelsigning.cli.attest;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.ShellCommand;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.model.ModelArgument;
import dev.modelsigning.cli.model.SignedReading;
import dev.modelsigning.cli.store.StoreArguments;
import dev.modelsigning.cli.store.StoreFiles;
import dev.modelsigning.cli.store.StoreVerification;
import dev.modelsigning.content.ModelContents;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.s3.S3Options;
import dev.modelsigning.signing.BundleVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** A model with its signature, which is verified before anything else counts. */
final class SignedModelArgument {

  @Mixin private ModelArgument model = new ModelArgument();

  @Option(
      names = "--signature",
      paramLabel = "FILE",
      required = true,
      description =
          "The signature file of the model, or s3://BUCKET/KEY. Of a model in a registry it is found"
              + " there unless it is named.")
  private @Nullable Place signature;

  @Mixin private SignedReading signed = new SignedReading();

  @Mixin private StoreArguments store = new StoreArguments();

  /** Objects besides the model and its signature, once there are some. */
  private @Nullable StoreFiles others;

  /**
   * Refuses combinations of places, and options that do nothing.
   *
   * @param others whether something else is in an object store
   */
  void requireUsage(CommandSpec command, boolean others) {
    store.requireUsage(command, usesStore() || others);
    if (signature != null && signature.isInRegistry()) {
      throw new WrongUsage(
          command, "--signature: name a file; of a model in a registry it is found there");
    }
    if (isInRegistry() && signature != null && signature.isInStore()) {
      throw new WrongUsage(
          command, "--signature: name a file for the signature of a model in a registry");
    }
    if (isInStore() && signed.isVolume()) {
      throw new WrongUsage(command, "--kubernetes-volume is for a model that is mounted");
    }
  }

  /** Whether the model is in an object store. */
  boolean isInStore() {
    return model.isInStore();
  }

  /** Whether the model or its signature is in an object store. */
  boolean usesStore() {
    return isInStore() || (signature != null && signature.isInStore());
  }

  /** How object stores are asked. */
  StoreFiles files(CommandSpec command) {
    if (others == null) {
      others = new StoreFiles(options(command), command);
    }
    return others;
  }

  /**
   * Findings about the store in which nothing but claims is. For others the model or its signature
   * says it.
   *
   * @param what what was done with the claims
   */
  List<Finding> findings(String what) {
    return others == null || usesStore() ? List.of() : others.findings(what);
  }

  private S3Options options(CommandSpec command) {
    return store.options(Program.of(command).environment(), false);
  }

  /** Reads the signature and finds the model, one of which is in an object store. */
  StoreVerification open(CommandSpec command) throws IOException, MalformedBundleException {
    return StoreVerification.open(place(), signature(), options(command), signed::source, command);
  }

  /** Adds the options for object stores to a command for the same ones. */
  ShellCommand add(ShellCommand more) {
    return store.add(more);
  }

  /** The model, by the path that was given. */
  Path path() {
    return model.model();
  }

  /** The model as it was given. */
  Place place() {
    return model.place();
  }

  /** Whether the model is in a registry. */
  boolean isInRegistry() {
    return model.isInRegistry();
  }

  /** The signature, where one is required. */
  Place signature() {
    return Objects.requireNonNull(signature);
  }

  /** The signature, if one was named. */
  Optional<Place> namedSignature() {
    return Optional.ofNullable(signature);
  }

  /** The files that are read, which nothing must overwrite. */
  List<Path> files() {
    return Stream.concat(Stream.ofNullable(signature), Stream.of(place()))
        .filter(Place::isHere)
        .map(Place::path)
        .toList();
  }

  /** Whether to print only failures. */
  boolean quiet() {
    return model.quiet();
  }

  /** Fails if there is no model, before a secret is requested or a service is called. */
  void requireExisting() throws IOException {
    model.requireExisting();
  }

  /** Where the model is. */
  ModelSource source() {
    return signed.source(path());
  }

  /** The conventional claims file: beside the model, whatever its path looks like. */
  Place claims(CommandSpec command) {
    return isInStore()
        ? StoreFiles.claimsBeside(StoreArguments.reference(place(), command))
            .orElseThrow(() ->
                new WrongUsage(
                    command, "there is no place beside a whole bucket; name one with --claims"))
        : Place.of(claimsBeside(path()));
  }

  static Path claimsBeside(Path model) {
    Path name = model.getFileName();
    boolean plain = name != null && !name.toString().equals(".") && !name.toString().equals("..");
    if (plain) {
      return model.resolveSibling(ClaimsFile.NAME);
    }
    Path parent = model.toAbsolutePath().normalize().getParent();
    return parent == null ? Path.of(ClaimsFile.NAME) : parent.resolve(ClaimsFile.NAME);
  }

  /** The verifier of the model; refuses invalid settings. */
  ModelVerifier verifier(BundleVerifier trust, CommandSpec command) throws IOException {
    if (isInRegistry() && signed.isVolume()) {
      throw new WrongUsage(command, "--kubernetes-volume is for a model that is mounted");
    }
    Reading reading = signed.of(model.reading(command, Program.of(command).output(quiet())));
    if (isInRegistry()) {
      reading = reading.accept(Evidence.CONTENT_ADDRESSED);
    }
    List<String> ignored = model.ignorePaths();
    try {
      model.absent(ignored).forEach(Program.of(command).output(quiet())::finding);
      return ModelVerifier.builder(trust)
          .reading(ModelArgument.ignoring(reading, ignored))
          .ignoreUnsignedFiles(signed.ignoresUnsignedFiles())
          .inspector(ModelContents.INSTANCE)
          .build();
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, "--ignore-paths: " + e.getMessage(), e);
    }
  }
}
