package dev.modelsigning.cli.sign;

import dev.modelsigning.bundle.BundleFile;
import dev.modelsigning.cli.command.Place;
import dev.modelsigning.cli.command.SamePlace;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The file to which the signature is written. */
final class SignatureArgument {

  @Option(
      names = "--signature",
      paramLabel = "FILE",
      description =
          "The signature file to write, or s3://BUCKET/KEY. Default: model.sig in the current"
              + " directory; none for a model in a registry, to which the signature is attached.")
  private @Nullable Place signature;

  Path path() {
    return given().orElse(Path.of("model.sig"));
  }

  /** Where the signature is written. */
  Place place() {
    return signature == null ? Place.of(path()) : signature;
  }

  /** Whether it is written to an object store. */
  boolean isInStore() {
    return signature != null && signature.isInStore();
  }

  /**
   * Refuses a registry: only signatures of models that are there are attached to them, and need not
   * be named.
   */
  void requireUsage(CommandSpec command) {
    if (signature != null && signature.isInRegistry()) {
      throw new WrongUsage(
          command,
          "--signature: a signature in a registry is attached to the model there, and is not named");
    }
  }

  /** Whether a file was named. */
  boolean isGiven() {
    return signature != null;
  }

  /** The file, if one was named. */
  Optional<Path> given() {
    return Optional.ofNullable(signature).map(Place::path);
  }

  /** Refuses to overwrite a file that signing needs. */
  private static void requireNoInput(Path signature, List<Path> inputs)
      throws IOException, SigningException {
    for (Path input : inputs) {
      if (SamePlace.isSame(signature, input)) {
        throw new SigningException(
            signature
                + ": the signature would replace a key, certificate or password, or another file"
                + " that signing needs; choose another place for it");
      }
    }
  }

  /**
   * Refuses a path where the signature must not or cannot be written. All methods check this first:
   * before a key is read, a PIN is tried or a service is called.
   *
   * @param inputs the files that signing needs
   */
  void requireFree(List<List<Path>> inputs) throws IOException, SigningException {
    requireFree(path(), inputs);
  }

  /**
   * Refuses a path where a signature must not or cannot be written.
   *
   * @param file the path of the signature, or of one beside it
   * @param inputs the files that signing needs
   */
  static void requireFree(Path file, List<List<Path>> inputs) throws IOException, SigningException {
    for (List<Path> each : inputs) {
      requireNoInput(file, each);
    }
    requireWritable(file);
  }

  /** Detects an unwritable file now instead of after hours of hashing. */
  private static void requireWritable(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    if (Files.isSymbolicLink(file)) {
      throw new FileSystemException(
          file.toString(), null, "is a symbolic link; name the file that it leads to");
    }
    if (Files.exists(file) && !Files.isDirectory(file) && !Files.isRegularFile(file)) {
      throw new FileSystemException(
          file.toString(), null, "cannot be written: it is not a regular file");
    }
    if (Files.isDirectory(file)) {
      throw new FileSystemException(
          file.toString(), null, "cannot be written: it is a directory, name a file in it");
    }
    if (directory == null || !Files.isDirectory(directory)) {
      throw new FileSystemException(
          file.toString(), null, "cannot be written: its directory does not exist");
    }
    if (!Files.isWritable(directory) && Files.exists(file)) {
      BundleFile.requireWritable(file); // for example, a file that is itself a mount point
    } else if (!Files.isWritable(directory)) {
      throw new FileSystemException(
          file.toString(), null, "cannot be written: its directory may not be written to");
    }
  }
}
