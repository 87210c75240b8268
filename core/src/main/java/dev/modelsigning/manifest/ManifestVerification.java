package dev.modelsigning.manifest;

import dev.modelsigning.facts.ContentCollector;
import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.facts.ContentInspector;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.model.UncoveredEntry.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares a model with a manifest (OMS 8.4, 8.5). It trusts the manifest: whoever calls it has
 * verified the signature over it.
 *
 * <p>No name of the manifest is ever turned into a path on disk. The directory is walked, and what
 * is found is looked up in the manifest; so a name cannot lead out of the model.
 */
public final class ManifestVerification {

  private ManifestVerification() {}

  /**
   * What the one who verifies asks for.
   *
   * @param reading how the model is read; what it ignores may be unsigned, besides what the
   *     manifest names
   * @param ignoreUnsignedFiles whether unsigned content is only reported (OMS 8.5)
   * @param strict whether only what the user asked to ignore may be unsigned: neither the
   *     manifest's {@code ignore_paths} nor the git paths count, nor are empty files excused
   * @param keepSizes whether to keep how long each file is, for reports: 8 bytes a file
   * @param inspector looks into the files while they are hashed; empty if nobody wants to know
   * @param only the listed files that are hashed, and directories whose listed files are, by their
   *     paths; empty for all files. Whatever is hashed, all files are looked for
   */
  public record Policy(
      Reading reading,
      boolean ignoreUnsignedFiles,
      boolean strict,
      boolean keepSizes,
      Optional<ContentInspector> inspector,
      Set<String> only) {

    /**
     * Checks what is asked for.
     *
     * @throws IllegalArgumentException if strictness and tolerance of unsigned files are both asked
     *     for, or a path is not canonical
     */
    public Policy {
      only.forEach(CanonicalPath::require);
      only = Set.copyOf(only);
      if (strict && ignoreUnsignedFiles) {
        throw new IllegalArgumentException(
            "strict verification and ignoring unsigned files exclude each other");
      }
    }

    /** Everything must be signed but git's paths and what the manifest leaves out. */
    public static Policy withDefaults() {
      return new Policy(Reading.withDefaults(), false, false, false, Optional.empty(), Set.of());
    }

    /**
     * The same, hashing only some of the listed files.
     *
     * @param paths their paths, and those of directories; none for all files
     * @throws IllegalArgumentException if a path is not canonical
     */
    public Policy only(Set<String> paths) {
      return new Policy(reading, ignoreUnsignedFiles, strict, keepSizes, inspector, paths);
    }

    /** Whether a listed file is hashed. */
    boolean selects(String path) {
      if (only.isEmpty() || only.contains(path)) {
        return true;
      }
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        if (only.contains(path.substring(0, slash))) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * What the comparison found.
   *
   * @param diff the differences; the model is the signed one only if it is empty
   * @param singleFile whether the model is one file, so that names are of the model itself
   * @param files number of files that were hashed, or would have been if they had the length that
   *     was signed
   * @param bytes their length in bytes, together
   * @param sizes the length of each, if that was to be kept
   * @param uncovered what the signature does not cover, and why that is no difference
   * @param findings what a reader of the verdict should know
   * @param contents what was found in the files that are what was signed, if they were looked into
   * @param left the listed files that are there and were not hashed, as only others were to be; in
   *     code point order. What is in them is not known
   */
  public record Result(
      ManifestDiff diff,
      boolean singleFile,
      long files,
      long bytes,
      Optional<FileSizes> sizes,
      List<UncoveredEntry> uncovered,
      List<Finding> findings,
      Optional<ContentFacts> contents,
      List<String> left) {

    /** Copies the lists. */
    public Result {
      uncovered = List.copyOf(uncovered);
      findings = List.copyOf(findings);
      left = List.copyOf(left);
    }

    /** Whether there are listed files that were not hashed. */
    public boolean isPartial() {
      return !left.isEmpty();
    }
  }

  /**
   * Compares a model with a manifest.
   *
   * @param model where the model is
   * @param signature the signature file, which may lie in the model's directory; null if there is
   *     none
   * @param manifest the manifest, taken from a verified signature
   * @param policy what is asked for
   * @throws IOException if the model does not exist, cannot be read, changes meanwhile, or is
   *     itself a link and links are not allowed
   * @throws IllegalArgumentException if a path that only is to be hashed is not that of a listed
   *     file, or of a directory with some
   */
  public static Result verify(
      ModelSource model, @Nullable Path signature, Manifest manifest, Policy policy)
      throws IOException {
    for (String path : policy.only()) {
      // Who selects nothing would get a verdict about nothing.
      if (!manifest.hasFile(path) && !manifest.hasFileBelow(path)) {
        throw new IllegalArgumentException(
            "nothing is listed by the name " + Printable.quote(path));
      }
    }
    Reading reading = policy.reading();
    Optional<ContentCollector> contents = policy.inspector().map(ContentCollector::new);
    Hashing hashing = hashing(manifest, reading);
    FileComparison comparison = new FileComparison(manifest, policy, contents);
    new ContentReader(
            model,
            selection(model, signature, manifest, policy),
            reading,
            contents.map(hashing::contents).orElse(hashing),
            comparison)
        .read();
    return comparison.result();
  }

  /**
   * Finds the listed files of a model, and reads none.
   *
   * @param model where the model is
   * @param signature the signature file; null if there is none
   * @param manifest the manifest, taken from a verified signature
   * @param policy what is asked for
   * @return the files by their names in the manifest; those that are missing are not there
   * @throws IOException if the model does not exist or cannot be listed
   */
  public static Map<String, ModelFile> locate(
      ModelSource model, @Nullable Path signature, Manifest manifest, Policy policy)
      throws IOException {
    ListedSink sink = new ListedSink(manifest);
    new ContentReader(
            model,
            selection(model, signature, manifest, policy),
            policy.reading(),
            hashing(manifest, policy.reading()),
            sink)
        .read();
    return sink.files();
  }

  private static Hashing hashing(Manifest manifest, Reading reading) {
    Serialization serialization = manifest.serialization();
    return reading.hashing(
        serialization.hashAlgorithm(),
        serialization instanceof Serialization.Shards shards
            ? OptionalLong.of(shards.shardSize())
            : OptionalLong.empty());
  }

  /** Keeps the listed files, and wants none of them read. */
  private static final class ListedSink implements ModelSink {
    private final Manifest manifest;
    private final Map<String, ModelFile> files = new HashMap<>();
    private volatile boolean single;

    ListedSink(Manifest manifest) {
      this.manifest = manifest;
    }

    @Override
    public void singleFile(String name) {
      single = true;
    }

    @Override
    public synchronized boolean wants(ModelFile file) throws IOException {
      String only = manifest.fileCount() == 1 ? manifest.files().path(0) : "";
      String name =
          single && (only.equals(file.name()) || only.equals(Manifest.SINGLE_FILE))
              ? only
              : file.name();
      if (manifest.files().find(name) >= 0 && files.put(name, file) != null) {
        throw new FileSystemException(
            file.location(), null, "was found twice while the model was listed");
      }
      return false;
    }

    @Override
    public void hashed(Hashed outcome) throws IOException {
      throw new FileSystemException(
          outcome.file().location(), null, "was hashed, and was not to be");
    }

    @Override
    public void ignored(UncoveredEntry entry) {}

    @Override
    public void irregular(IrregularEntry entry) {}

    @Override
    public void finding(Finding finding) {}

    synchronized Map<String, ModelFile> files() {
      return files;
    }
  }

  private static Selection selection(
      ModelSource model, @Nullable Path signature, Manifest manifest, Policy policy)
      throws IOException {
    Serialization serialization = manifest.serialization();
    Reading reading = policy.reading();
    Selection.Builder selection =
        Selection.builder()
            .listed(manifest.files())
            .followLinks(serialization.allowSymlinks() && reading.allowSymlinks().orElse(true))
            .leaveOut(reading.ignorePaths(), Reason.IGNORED_BY_USER);
    if (signature != null) {
      model
          .nameOf(signature)
          .ifPresent(name -> selection.leaveOut(List.of(name), Reason.SIGNATURE_FILE));
    }
    if (!policy.strict()) {
      if (reading.ignoreGitPaths()) {
        selection.leaveOutGitPaths();
      }
      selection.leaveOut(serialization.ignorePaths(), Reason.IGNORED_BY_SIGNER);
    }
    return selection.build();
  }
}
