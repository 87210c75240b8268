package dev.modelsigning.cli.sign;

import dev.modelsigning.bundle.BundleFile;
import dev.modelsigning.cli.command.SamePlace;
import dev.modelsigning.signing.SigningException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where the signature is written. */
final class SignatureArgument {

  @Option(
      names = "--signature",
      paramLabel = "FILE",
      description = "The signature file to write. Default: model.sig in the current directory.")
  private Path signature = Path.of("model.sig");

  Path path() {
    return signature;
  }

  /** Refuses to write a signature over a file that signing needs. */
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
   * Refuses a place where the signature must not be written, or cannot. All methods ask this first:
   * before a key is read, a PIN is tried or a service is asked.
   *
   * @param inputs the files that signing needs
   */
  void requireFree(List<List<Path>> inputs) throws IOException, SigningException {
    for (List<Path> each : inputs) {
      requireNoInput(signature, each);
    }
    requireWritable(signature);
  }

  /** Finds out now, and not after hours of hashing, that a file cannot be written. */
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
      BundleFile.requireWritable(file); // such as one that was mounted by itself
    } else if (!Files.isWritable(directory)) {
      throw new FileSystemException(
          file.toString(), null, "cannot be written: its directory may not be written to");
    }
  }
}
