package dev.modelsigning.internal.part;

import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import java.io.IOException;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Resolves paths in a model to signed files: a file, a directory with everything below it, an index
 * with all parts that it names, or a part of a split GGUF with all others. It uses the manifest
 * only: no path is ever opened, and a path without a match is refused.
 */
public final class SelectedFiles {

  /** The path that stands for the whole model. */
  public static final String ALL = ".";

  /** Reads signed files. */
  @FunctionalInterface
  public interface SignedReader {
    /**
     * Reads a whole file and checks it against the signed digests.
     *
     * @param path its path in the manifest
     * @param most the largest length that is accepted, in bytes
     * @return the bytes that were signed
     * @throws IOException if it cannot be read, or is longer
     * @throws VerificationException if it does not match what was signed
     */
    byte[] read(String path, long most) throws IOException, VerificationException;
  }

  private final Manifest manifest;
  private final String modelName;
  private final SignedReader reader;
  private final Set<String> selected = new TreeSet<>(CanonicalPath.CODE_POINT_ORDER);

  private SelectedFiles(Manifest manifest, String modelName, SignedReader reader) {
    this.manifest = manifest;
    this.modelName = modelName;
    this.reader = reader;
  }

  /**
   * Resolves the paths.
   *
   * @param paths paths in the model, or {@link #ALL}
   * @param manifest the signed manifest
   * @param modelName the name of the model, which is that of its file if it is a single one
   * @param reader reads indexes
   * @return paths of files and of directories; empty for the whole model
   * @throws IOException if an index cannot be read
   * @throws VerificationException if no signed file has such a path, the parts that it stands for
   *     are incomplete, or an index is malformed or does not match what was signed
   */
  public static Set<String> of(
      Set<String> paths, Manifest manifest, String modelName, SignedReader reader)
      throws IOException, VerificationException {
    SelectedFiles files = new SelectedFiles(manifest, modelName, reader);
    boolean all = false;
    Set<String> named = new TreeSet<>(CanonicalPath.CODE_POINT_ORDER);
    for (String path : paths) {
      if (files.isAll(path)) {
        all = true;
      } else {
        named.add(path);
      }
    }
    // All names first: files are read only if every path can be resolved.
    for (String path : named) {
      files.add(path);
    }
    for (String path : named) {
      files.addParts(path);
    }
    return all ? Set.of() : files.selected;
  }

  private boolean isAll(String path) {
    if (path.equals(ALL)) {
      return true;
    }
    // A single file may have been signed without its name.
    return manifest.fileCount() == 1
        && manifest.paths().get(0).equals(ALL)
        && path.equals(modelName);
  }

  private void add(String path) throws VerificationException {
    boolean file = manifest.hasFile(path);
    if (!file && !manifest.hasFileBelow(path)) {
      throw refusal(
          "nothing was signed by the name "
              + Printable.quote(path)
              + nearName(path)
                  .map(name -> "; there is " + Printable.quote(name))
                  .orElse("; name files and directories as they were signed"));
    }
    selected.add(path);
    Optional<PartName> part = PartName.of(path).filter(PartName::isSplit);
    if (file && part.isPresent()) {
      addSplit(path, part.get());
    }
  }

  private void addParts(String path) throws IOException, VerificationException {
    Optional<PartName.Family> family = ShardIndex.family(path);
    if (manifest.hasFile(path) && family.isPresent()) {
      addParts(path, family.get());
    }
  }

  /** A similar name that may be meant. */
  private Optional<String> nearName(String path) {
    String folded = folded(path);
    for (String name : manifest.paths()) {
      String other = folded(name);
      if (other.equals(folded) || other.endsWith("/" + folded)) {
        return Optional.of(name);
      }
      if (other.startsWith(folded + "/")) {
        return Optional.of(name.substring(0, Math.min(path.length(), name.length())))
            .filter(manifest::hasFileBelow);
      }
    }
    return Optional.empty();
  }

  private static String folded(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
  }

  private void addSplit(String path, PartName named) throws VerificationException {
    requireNumbers(path, named);
    for (String name : manifest.paths()) {
      Optional<PartName> other =
          PartName.of(name).filter(each -> each.family().equals(named.family()));
      if (other.isEmpty()) {
        continue;
      }
      requireNumbers(name, other.get());
      if (other.get().total() != named.total()) {
        throw refusal(
            Printable.quote(path)
                + " is one of "
                + named.total()
                + " parts, and beside it lies "
                + Printable.quote(name)
                + ", one of "
                + other.get().total());
      }
    }
    for (int number = 1; number <= named.total(); number++) {
      String name = named.part(number);
      if (!manifest.hasFile(name)) {
        throw refusal(
            Printable.quote(path)
                + " is one of "
                + named.total()
                + " parts, of which "
                + Printable.quote(name)
                + " was not signed");
      }
      selected.add(name);
    }
  }

  private static void requireNumbers(String path, PartName part) throws VerificationException {
    if (part.number() < 1 || part.number() > part.total()) {
      throw refusal(
          Printable.quote(path)
              + " is no part: expected a number from 1 to the number of all, found "
              + part.number()
              + " of "
              + part.total());
    }
  }

  private void addParts(String path, PartName.Family byName)
      throws IOException, VerificationException {
    byte[] content = reader.read(path, ShardIndex.MAX_SIZE);
    Set<String> parts;
    try {
      parts = ShardIndex.files(path, content);
    } catch (MalformedJsonException e) {
      throw new VerificationException(
          Reason.INVALID_SELECTION, "this is no index of parts: " + e.getMessage(), e);
    }
    Set<PartName.Family> families = new HashSet<>(Set.of(byName));
    for (String part : parts) {
      if (!manifest.hasFile(part)) {
        throw refusal(
            "the index "
                + Printable.quote(path)
                + " names "
                + Printable.quote(part)
                + ", which was not signed");
      }
      PartName.of(part).ifPresent(name -> families.add(name.family()));
    }
    for (String name : manifest.paths()) {
      boolean belongs =
          PartName.of(name).map(PartName::family).filter(families::contains).isPresent();
      if (belongs && !parts.contains(name)) {
        throw refusal(
            "the index "
                + Printable.quote(path)
                + " names fewer parts than the model has: "
                + Printable.quote(name)
                + " is missing in it");
      }
    }
    for (String part : parts) {
      Optional<PartName> name = PartName.of(part);
      if (name.isPresent()) {
        requireNumbers(part, name.get());
        requireAll(path, name.get(), parts);
      }
    }
    selected.addAll(parts);
  }

  /**
   * A loader that uses the index would not notice a part that is missing from both the index and
   * the model.
   */
  private static void requireAll(String path, PartName named, Set<String> parts)
      throws VerificationException {
    if (named.number() != 1 && parts.contains(named.part(1))) {
      return; // checked with the first part
    }
    for (int number = 1; number <= named.total(); number++) {
      String name = named.part(number);
      if (!parts.contains(name)) {
        throw refusal(
            "the index "
                + Printable.quote(path)
                + " names "
                + Printable.quote(named.part(named.number()))
                + ", but not "
                + Printable.quote(name));
      }
    }
  }

  private static VerificationException refusal(String message) {
    return new VerificationException(Reason.INVALID_SELECTION, message + " (--only)");
  }
}
