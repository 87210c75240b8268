package dev.modelsigning.model;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.hash.FileHash;
import dev.modelsigning.model.UncoveredEntry.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
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

  private final Path model;
  private final Manifest manifest;
  private final Policy policy;
  private final boolean followLinks;
  private final ListedFiles listed;
  private final FileComparison comparison;

  private ManifestVerification(Path model, Manifest manifest, Policy policy) {
    this.model = model;
    this.manifest = manifest;
    this.policy = policy;
    this.followLinks = manifest.serialization().allowSymlinks() && !policy.forbidSymlinks();
    this.listed = manifest.files();
    this.comparison = new FileComparison(manifest, policy);
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
    boolean isLink = attributes.isSymbolicLink();
    if (isLink && followLinks) {
      attributes = Files.readAttributes(model, BasicFileAttributes.class);
    }
    HashingResources resources = new HashingResources(policy.parallelism(), policy.progress());
    HashAlgorithm algorithm = manifest.serialization().hashAlgorithm();
    long rangeSize =
        manifest.serialization() instanceof Serialization.Shards shards
            ? shards.shardSize()
            : FileHash.WHOLE;
    if (attributes.isDirectory()) {
      ModelWalk walk =
          new ModelWalk(
              model,
              followLinks,
              rules(signature),
              new ListedNames(listed),
              rangeSize,
              policy.progress(),
              comparison);
      resources.walk(algorithm, model, attributes, isLink, walk);
    } else if (attributes.isRegularFile()) {
      verifySingleFile(resources, attributes, rangeSize);
    } else {
      throw new FileSystemException(
          model.toString(),
          null,
          attributes.isSymbolicLink()
              ? "is a symbolic link, which is not allowed here;"
                  + " give the path that it leads to (OMS 6.1.1)"
              : "a model is a directory or a regular file, this is neither");
    }
    return comparison.result();
  }

  private void verifySingleFile(
      HashingResources resources, BasicFileAttributes attributes, long rangeSize)
      throws IOException {
    String name = ModelPath.nameOf(model);
    String only = listed.count() == 1 ? listed.path(0) : "";
    if (!only.equals(name) && !only.equals(Manifest.SINGLE_FILE)) {
      comparison.isAnotherFile(name);
      return;
    }
    byte[] bytes = only.getBytes(StandardCharsets.UTF_8);
    int number = comparison.file(bytes, attributes.size());
    if (number != ModelSink.NOT_HASHED) {
      HashAlgorithm algorithm = manifest.serialization().hashAlgorithm();
      byte[][] digests = resources.hash(algorithm, model, attributes, rangeSize, followLinks);
      comparison.hashed(number, bytes, attributes.size(), digests);
    }
  }

  /** What is listed is left out by no rule. */
  private record ListedNames(ListedFiles files) implements ModelWalk.Listed {
    @Override
    public boolean hasFile(byte[] name) {
      return files.find(name) >= 0;
    }

    @Override
    public boolean hasFileBelow(String directory) {
      return files.hasFileBelow(directory);
    }
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
}
