package dev.modelsigning.cli.attest;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.model.ModelArgument;
import dev.modelsigning.cli.model.SignedReading;
import dev.modelsigning.content.ModelContents;
import dev.modelsigning.manifest.Reading;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.ModelSource;
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
          "The signature file of the model. Of a model in a registry it is found there unless it is"
              + " named.")
  private @Nullable Path signature;

  @Mixin private SignedReading signed = new SignedReading();

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

  /** The signature file, where one is required. */
  Path signature() {
    return Objects.requireNonNull(signature);
  }

  /** The signature file, if one was named. */
  Optional<Path> namedSignature() {
    return Optional.ofNullable(signature);
  }

  /** The files that are read, which nothing must overwrite. */
  List<Path> files() {
    return Stream.concat(
            Stream.ofNullable(signature), isInRegistry() ? Stream.of() : Stream.of(path()))
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
  Path claims() {
    return claimsBeside(path());
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
