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
 * Compares a model with a manifest (OMS 8.4, 8.5). It trusts the manifest: callers must have
 * verified the signature over it.
 *
 * <p>No name of the manifest is ever turned into a path on disk. The directory is traversed, and
 * the files found are looked up in the manifest; so no name can lead out of the model.
 */
public final class ManifestVerification {

  private ManifestVerification() {}

  /**
   * The policy of the verifier.
   *
   * @param reading how the model is read; what it ignores may be unsigned, in addition to the paths
   *     that the manifest ignores
   * @param ignoreUnsignedFiles whether unsigned content is only reported (OMS 8.5)
   * @param strict whether only what the user asked to ignore may be unsigned: the manifest's {@code
   *     ignore_paths} and the git paths have no effect, and empty files are not excused
   * @param keepSizes whether to keep the length of each file, for reports: 8 bytes for each file
   * @param inspector inspects the files while they are hashed; empty for none
   * @param signatures files that were verified as signatures of this model, besides the one that is
   *     being verified; they may lie in the model without being signed
   * @param only the listed files that are hashed, or directories whose listed files are hashed, by
   *     path; empty for all files. All files must exist in any case
   */
  public record Policy(
      Reading reading,
      boolean ignoreUnsignedFiles,
      boolean strict,
      boolean keepSizes,
      Optional<ContentInspector> inspector,
      Set<Path> signatures,
      Set<String> only) {

    /**
     * Checks the combination of settings.
     *
     * @throws IllegalArgumentException if both strictness and tolerance of unsigned files are
     *     requested, or a path is not canonical
     */
    public Policy {
      only.forEach(CanonicalPath::require);
      signatures = Set.copyOf(signatures);
      only = Set.copyOf(only);
      if (strict && ignoreUnsignedFiles) {
        throw new IllegalArgumentException(
            "strict verification and ignoring unsigned files exclude each other");
      }
    }

    /**
     * The default policy: everything must be signed except git's paths and the paths that the
     * manifest ignores.
     */
    public static Policy withDefaults() {
      return new Policy(
          Reading.withDefaults(), false, false, false, Optional.empty(), Set.of(), Set.of());
    }

    /**
     * Returns the same policy, hashing only some of the listed files.
     *
     * @param paths their paths, and those of directories; empty for all files
     * @throws IllegalArgumentException if a path is not canonical
     */
    public Policy only(Set<String> paths) {
      return new Policy(
          reading, ignoreUnsignedFiles, strict, keepSizes, inspector, signatures, paths);
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
   * The result of the comparison.
   *
   * @param diff the differences; the model is the signed one only if it is empty
   * @param singleFile whether the model is a single file, so that names refer to the model itself
   * @param files number of files that were hashed, or were not because their length differs from
   *     the signed one
   * @param bytes their total length in bytes
   * @param sizes the length of each, if requested
   * @param uncovered the entries that the signature does not cover, with the rule that allows each
   * @param findings findings for readers of the verdict
   * @param contents the facts found in files that match the signed digests, if the files were
   *     inspected
   * @param left the listed files that exist and were not hashed because of the selection, in code
   *     point order. Their content is unknown
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
   * @param policy the policy of the verifier
   * @throws IOException if the model does not exist, cannot be read, changes while it is read, or
   *     is itself a link and links are not allowed
   * @throws IllegalArgumentException if a selected path is not that of a listed file, or of a
   *     directory with listed files
   */
  public static Result verify(
      ModelSource model, @Nullable Path signature, Manifest manifest, Policy policy)
      throws IOException {
    for (String path : policy.only()) {
      // A selection without files would result in a verdict about nothing.
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
   * Locates the listed files of a model, without reading them.
   *
   * @param model where the model is
   * @param signature the signature file; null if there is none
   * @param manifest the manifest, taken from a verified signature
   * @param policy the policy of the verifier
   * @return the files by their names in the manifest, without missing files
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

  /** Keeps the listed files, and requests the content of none. */
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
      leaveOutSignature(model, signature, selection);
    }
    for (Path other : policy.signatures()) {
      leaveOutSignature(model, other, selection);
    }
    if (!policy.strict()) {
      if (reading.ignoreGitPaths()) {
        selection.leaveOutGitPaths();
      }
      selection.leaveOut(serialization.ignorePaths(), Reason.IGNORED_BY_SIGNER);
    }
    return selection.build();
  }

  private static void leaveOutSignature(
      ModelSource model, Path signature, Selection.Builder selection) throws IOException {
    model
        .nameOf(signature)
        .ifPresent(name -> selection.leaveOut(List.of(name), Reason.SIGNATURE_FILE));
  }
}
