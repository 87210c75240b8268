package dev.modelsigning.policy.internal.check;

import dev.modelsigning.attestation.ClaimsFile;
import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.statement.AttestedStatement;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds signature and claims files by convention, in the model's directory and beside it: {@code
 * *.sig}, {@code claims.jsonl}, and {@code *.sigstore.json}, which may be either. Whoever can write
 * there chooses them; each must be verified.
 *
 * @param signatures the signature files, sorted, those in the model first
 * @param claims the claims files, in the same order
 */
public record FoundFiles(List<Path> signatures, List<Path> claims) {

  /** More than anybody has beside a model; each is read. */
  static final int MAX_FILES = 1_000;

  private static final String SIGNATURE = ".sig";
  private static final String BUNDLE = ".sigstore.json";

  /** Copies the lists. */
  public FoundFiles {
    signatures = List.copyOf(signatures);
    claims = List.copyOf(claims);
  }

  /**
   * Finds them.
   *
   * @param model the directory or file of the model
   * @throws IOException if a directory cannot be listed, or has too many such files
   */
  public static FoundFiles of(Path model) throws IOException {
    List<Path> signatures = new ArrayList<>();
    List<Path> claims = new ArrayList<>();
    if (Files.isDirectory(model)) {
      find(model, signatures, claims);
    }
    Optional<Path> beside = beside(model);
    if (beside.isPresent()) {
      find(beside.get(), signatures, claims);
    }
    return new FoundFiles(signatures, claims);
  }

  /**
   * The directory beside a model: as the caller writes it, for messages that are easy to read, if
   * it is written without {@code .} and {@code ..}; otherwise as the file system knows it, where
   * {@code ..} behind a link leads back from its target.
   *
   * @return empty if the model is the root of a file system
   */
  private static Optional<Path> beside(Path model) throws IOException {
    for (Path part : model) {
      String name = part.toString();
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        return Optional.ofNullable(model.toRealPath().getParent());
      }
    }
    Path written = model.getParent();
    return written == null && !model.isAbsolute()
        ? Optional.of(Path.of(""))
        : Optional.ofNullable(written);
  }

  private static void find(Path directory, List<Path> signatures, List<Path> claims)
      throws IOException {
    List<Path> found = new ArrayList<>();
    Path listed = directory.toString().isEmpty() ? Path.of(".") : directory;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(listed, FoundFiles::isMeant)) {
      for (Path entry : entries) {
        if (found.size() == MAX_FILES) {
          throw new FileSystemException(
              directory.toString(),
              null,
              "has more than "
                  + MAX_FILES
                  + " files that may be signatures or claims; name those of the model with"
                  + " --signature and --claims");
        }
        Path name = entry.getFileName();
        found.add(directory.resolve(name));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    found.sort(null);
    for (Path file : found) {
      String name = String.valueOf(file.getFileName());
      if (name.endsWith(SIGNATURE)) {
        signatures.add(file);
      } else if (name.equals(ClaimsFile.NAME) || !isSignature(file)) {
        claims.add(file);
      } else {
        signatures.add(file);
      }
    }
  }

  private static boolean isMeant(Path entry) {
    String name = String.valueOf(entry.getFileName());
    return (name.endsWith(SIGNATURE) || name.endsWith(BUNDLE) || name.equals(ClaimsFile.NAME))
        && !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
  }

  /** Only a hint where it may count: what it is, is known when it is verified. */
  private static boolean isSignature(Path file) {
    try {
      return AttestedStatement.isSignatureOfModel(Bundle.read(file));
    } catch (MalformedBundleException | IOException e) {
      // Reported when it is read as a claim.
      return false;
    }
  }
}
