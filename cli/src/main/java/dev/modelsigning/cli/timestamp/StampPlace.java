package dev.modelsigning.cli.timestamp;

import dev.modelsigning.bundle.LaterTimestamps;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.statement.Statement;
import dev.modelsigning.timestamp.LaterTimestamping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The place of a file with time stamps beside a signature. In the model itself, it would be a file
 * that nobody signed: verification would refuse the model, here and in all other clients, which
 * know nothing of such files.
 */
final class StampPlace {

  private StampPlace() {}

  /**
   * Refuses to write time stamps into the model that was signed.
   *
   * @param signature the bundle's file
   * @throws SigningException if they would be written beside it, and it lies in the model
   */
  static void require(Path signature)
      throws IOException, MalformedBundleException, SigningException {
    StoredBundle stored;
    try {
      stored = StoredBundle.read(signature);
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(signature, e);
    }
    if (!LaterTimestamping.isBeside(stored.bundle())) {
      return;
    }
    Optional<Path> model;
    try {
      model = model(signature, Statement.readUnverified(stored.bundle()));
    } catch (MalformedBundleException e) {
      return; // not about a model, so not in one
    }
    if (model.isPresent()) {
      throw new SigningException(
          signature
              + ": lies in the model "
              + Printable.quote(model.get().toString())
              + ", where "
              + LaterTimestamps.file(signature).getFileName()
              + " would be a file that is not signed, which all clients refuse; nothing was added."
              + " Move the signature out of the model, name it there, and verify with --signature");
    }
  }

  /** The directory above a signature in which all files are that it lists, if there is one. */
  private static Optional<Path> model(Path signature, Statement statement)
      throws IOException, MalformedBundleException {
    Manifest manifest = statement.manifest();
    List<String> names = manifest.paths();
    boolean singleFile =
        names.size() == 1
            && (names.get(0).equals(".") || names.get(0).equals(statement.modelName().orElse("")));
    if (names.isEmpty() || singleFile) {
      return Optional.empty(); // nothing lies in it
    }
    Path parent = signature.toAbsolutePath().getParent();
    if (parent == null) {
      return Optional.empty();
    }
    Path directory = parent.toRealPath();
    Path stamps = directory.resolve(LaterTimestamps.file(signature).getFileName());
    for (Path above = directory; above != null; above = above.getParent()) {
      if (hasAll(above, names) && !isLeftOut(above.relativize(stamps), manifest)) {
        return Optional.of(above);
      }
    }
    return Optional.empty();
  }

  /** Only whether they exist is looked at: the names are canonical, so none leads out of it. */
  private static boolean hasAll(Path directory, List<String> names) {
    try {
      return names.stream()
          .allMatch(name -> Files.exists(directory.resolve(name), LinkOption.NOFOLLOW_LINKS));
    } catch (InvalidPathException e) {
      return false; // no file can have this name here
    }
  }

  /** Whether the signer left the place out of the model, with all that is in it. */
  private static boolean isLeftOut(Path stamps, Manifest manifest) {
    return manifest.serialization().ignorePaths().stream()
        .anyMatch(ignored -> {
          try {
            return stamps.startsWith(Path.of(ignored));
          } catch (InvalidPathException e) {
            return false;
          }
        });
  }
}
