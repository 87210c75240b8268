package dev.modelsigning.manifest;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.hash.FileHash;
import dev.modelsigning.manifest.Manifest.ListedFile;
import dev.modelsigning.manifest.ManifestDiff.Changed;
import dev.modelsigning.manifest.ManifestDiff.Extra;
import dev.modelsigning.manifest.ModelWalk.FoundFile;
import dev.modelsigning.manifest.ModelWalk.Irregular;
import dev.modelsigning.manifest.UncoveredEntry.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares a model with a manifest (OMS 8.4, 8.5). It trusts the manifest: whoever calls it has
 * verified the signature over it.
 *
 * <p>No name of the manifest is ever turned into a path on disk. The directory is walked, and what
 * is found is looked up in the manifest; so a name cannot lead out of the model.
 */
public final class ManifestVerification {

  private final Path model;
  private final Manifest manifest;
  private final Policy policy;
  private final boolean followLinks;
  private final Map<String, ListedFile> listed;

  private final List<Changed> changed = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final List<Extra> extra = new ArrayList<>();
  private final List<UncoveredEntry> uncovered = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private long bytes;

  private ManifestVerification(Path model, Manifest manifest, Policy policy) {
    this.model = model;
    this.manifest = manifest;
    this.policy = policy;
    this.followLinks = manifest.serialization().allowSymlinks() && !policy.forbidSymlinks();
    this.listed = manifest.files();
  }

  /**
   * What the one who verifies asks for.
   *
   * @param ignorePaths paths in the model that may hold anything, besides those that the manifest
   *     names
   * @param ignoreGitPaths whether git's own files at the root may be unsigned
   * @param ignoreUnsignedFiles whether unsigned content is only reported (OMS 8.5)
   * @param forbidSymlinks whether links are refused even if the manifest allows them
   * @param strict whether only what the user asked to ignore may be unsigned: neither the
   *     manifest's {@code ignore_paths} nor the git paths count, nor are empty files excused
   * @param parallelism greatest number of threads, at least 1
   * @param progress is told how far the work has come
   */
  public record Policy(
      Set<String> ignorePaths,
      boolean ignoreGitPaths,
      boolean ignoreUnsignedFiles,
      boolean forbidSymlinks,
      boolean strict,
      int parallelism,
      HashProgress progress) {

    /**
     * Checks and copies the paths.
     *
     * @throws IllegalArgumentException if a path is not canonical, or if strictness and tolerance
     *     of unsigned files are both asked for
     */
    public Policy {
      ignorePaths.forEach(HashingResources::canonicalIgnorePath);
      ignorePaths = Set.copyOf(ignorePaths);
      if (strict && ignoreUnsignedFiles) {
        throw new IllegalArgumentException(
            "strict verification and ignoring unsigned files exclude each other");
      }
      if (parallelism < 1) {
        throw new IllegalArgumentException("at least one thread is needed, this is " + parallelism);
      }
    }

    /** Everything must be signed but git's paths and what the manifest leaves out. */
    public static Policy withDefaults() {
      return new Policy(
          Set.of(),
          true,
          false,
          false,
          false,
          HashingResources.defaultParallelism(),
          HashProgress.NONE);
    }
  }

  /**
   * What the comparison found.
   *
   * @param diff the differences; the model is the signed one only if it is empty
   * @param files number of files that were hashed
   * @param bytes their length in bytes, together
   * @param uncovered what the signature does not cover, and why that is no difference
   * @param findings what a reader of the verdict should know
   */
  public record Result(
      ManifestDiff diff,
      long files,
      long bytes,
      List<UncoveredEntry> uncovered,
      List<Finding> findings) {

    /** Copies the lists. */
    public Result {
      uncovered = List.copyOf(uncovered);
      findings = List.copyOf(findings);
    }
  }

  /**
   * Compares a model with a manifest.
   *
   * @param model the model's directory or file
   * @param signature the signature file, which may lie in the model's directory; null if there is
   *     none
   * @param manifest the manifest, taken from a verified signature
   * @param policy what is asked for
   * @throws IOException if the model does not exist, cannot be read, changes meanwhile, or is
   *     itself a link and links are not allowed
   */
  public static Result verify(
      Path model, @Nullable Path signature, Manifest manifest, Policy policy) throws IOException {
    return new ManifestVerification(model, manifest, policy).run(signature);
  }

  private Result run(@Nullable Path signature) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(model, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink() && followLinks) {
      attributes = Files.readAttributes(model, BasicFileAttributes.class);
    }
    long files = 0;
    if (attributes.isDirectory()) {
      files = verifyDirectory(signature);
    } else if (attributes.isRegularFile()) {
      files = verifySingleFile(attributes);
    } else {
      throw new FileSystemException(
          model.toString(),
          null,
          attributes.isSymbolicLink()
              ? "is a symbolic link, which is not allowed here;"
                  + " give the path that it leads to (OMS 6.1.1)"
              : "a model is a directory or a regular file, this is neither");
    }
    changed.sort(CanonicalPath.byName(Changed::name));
    missing.sort(CanonicalPath.CODE_POINT_ORDER);
    extra.sort(CanonicalPath.byName(Extra::name));
    uncovered.sort(CanonicalPath.byName(UncoveredEntry::name));
    return new Result(new ManifestDiff(changed, missing, extra), files, bytes, uncovered, findings);
  }

  private long verifySingleFile(BasicFileAttributes attributes) throws IOException {
    String name = ModelPath.nameOf(model);
    ListedFile only = listed.size() == 1 ? listed.values().iterator().next() : null;
    if (only == null || !(only.path().equals(name) || only.path().equals(Manifest.SINGLE_FILE))) {
      missing.addAll(listed.keySet());
      extra.add(new Extra(name, EntryKind.FILE));
      return 0;
    }
    compare(List.of(new FoundFile(only.path(), model, attributes)));
    return 1;
  }

  private long verifyDirectory(@Nullable Path signature) throws IOException {
    ModelWalk.Found found =
        ModelWalk.walk(model, followLinks, rules(signature), new TreeSet<>(listed.keySet()));
    uncovered.addAll(found.ignored());
    findings.addAll(found.findings());
    Set<String> seen = new HashSet<>();
    List<FoundFile> toCompare = new ArrayList<>();
    for (FoundFile file : found.files()) {
      if (listed.containsKey(file.name())) {
        seen.add(file.name());
        toCompare.add(file);
      } else if (isExcusedEmptyFile(file)) {
        uncovered.add(new UncoveredEntry(file.name(), EntryKind.FILE, Reason.EMPTY_FILE));
      } else {
        addUnsigned(file.name(), EntryKind.FILE);
      }
    }
    for (Irregular entry : found.irregular()) {
      if (listed.containsKey(entry.name())) {
        seen.add(entry.name());
        changed.add(new Changed(entry.name(), EntryKind.FILE.toString(), entry.kind().toString()));
      } else {
        addUnsigned(entry.name(), entry.kind());
      }
    }
    listed.keySet().stream().filter(name -> !seen.contains(name)).forEach(missing::add);
    compare(toCompare);
    return toCompare.size();
  }

  private IgnoreRules rules(@Nullable Path signature) throws IOException {
    IgnoreRules rules = new IgnoreRules().add(policy.ignorePaths(), Reason.IGNORED_BY_USER);
    if (signature != null) {
      ModelPath.within(model, signature)
          .ifPresent(name -> rules.add(List.of(name), Reason.SIGNATURE_FILE));
    }
    if (!policy.strict()) {
      if (policy.ignoreGitPaths()) {
        rules.add(IgnoreRules.GIT_PATHS, Reason.GIT_PATH);
      }
      rules.add(manifest.serialization().ignorePaths(), Reason.IGNORED_BY_SIGNER);
    }
    return rules;
  }

  private boolean isExcusedEmptyFile(FoundFile file) {
    return manifest.serialization() instanceof Serialization.Shards
        && file.attributes().size() == 0
        && !policy.strict();
  }

  private void addUnsigned(String name, EntryKind kind) {
    if (policy.ignoreUnsignedFiles()) {
      uncovered.add(new UncoveredEntry(name, kind, Reason.UNSIGNED));
    } else {
      extra.add(new Extra(name, kind));
    }
  }

  private void compare(List<FoundFile> files) throws IOException {
    List<FoundFile> ofSignedSize = new ArrayList<>();
    for (FoundFile file : files) {
      long expected = listedFile(file).size();
      long size = file.attributes().size();
      bytes += size;
      if (expected == ListedFile.UNKNOWN || expected == size) {
        ofSignedSize.add(file);
      } else {
        changed.add(new Changed(file.name(), expected + " bytes", size + " bytes"));
      }
    }
    long rangeSize =
        manifest.serialization() instanceof Serialization.Shards shards
            ? shards.shardSize()
            : FileHash.WHOLE;
    HashAlgorithm algorithm = manifest.serialization().hashAlgorithm();
    List<byte[][]> digests =
        new HashingResources(policy.parallelism(), policy.progress())
            .hash(algorithm, ofSignedSize, rangeSize, followLinks);
    for (int i = 0; i < ofSignedSize.size(); i++) {
      List<ResourceDescriptor> expected = listedFile(ofSignedSize.get(i)).resources();
      for (int range = 0; range < expected.size(); range++) {
        ResourceDescriptor resource = expected.get(range);
        Digest found = Digest.of(algorithm, digests.get(i)[range]);
        if (!found.equals(resource.digest())) {
          changed.add(new Changed(resource.name(), resource.digest().toString(), found.toString()));
        }
      }
    }
  }

  private ListedFile listedFile(FoundFile file) {
    ListedFile result = listed.get(file.name());
    if (result == null) {
      throw new IllegalStateException("not listed: " + file.name());
    }
    return result;
  }
}
