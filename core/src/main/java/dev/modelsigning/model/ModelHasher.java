package dev.modelsigning.model;

import dev.modelsigning.internal.hash.FileHash;
import dev.modelsigning.model.UncoveredEntry.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Enumerates and hashes a model for signing (OMS 6.1 to 6.4). The model is a directory or a file on
 * any file system. Hashers are immutable and may be used by several threads.
 *
 * <p>Everything in the directory is either hashed or reported as left out. What cannot be signed
 * faithfully is an error: links unless they are allowed, links to directories always, special
 * files, directories that cannot be read, names that are not UTF-8, files that change meanwhile.
 */
public final class ModelHasher {

  private final HashAlgorithm algorithm;
  private final OptionalLong shardSize;
  private final boolean allowSymlinks;
  private final boolean ignoreGitPaths;
  private final Set<String> ignorePaths;
  private final HashingResources resources;

  private ModelHasher(Builder builder) {
    algorithm = builder.algorithm;
    shardSize = builder.shardSize;
    allowSymlinks = builder.allowSymlinks;
    ignoreGitPaths = builder.ignoreGitPaths;
    ignorePaths = Set.copyOf(builder.ignorePaths);
    resources = new HashingResources(builder.parallelism, builder.progress);
  }

  /** A hasher with the default settings: SHA-256, one digest for each file, git paths left out. */
  public static ModelHasher withDefaults() {
    return builder().build();
  }

  /** A builder with the default settings. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Hashes a model.
   *
   * @param model its directory or file
   * @throws IOException if the model cannot be read or holds something that cannot be signed; the
   *     message names it
   */
  public HashedModel hash(Path model) throws IOException {
    return hash(model, null);
  }

  /**
   * Hashes a model whose signature is, or will be, at a place that may lie in the model's
   * directory. The signature is left out (OMS 6.2).
   *
   * @param model its directory or file
   * @param signature the signature file; it need not exist
   * @throws IOException if the model cannot be read or holds something that cannot be signed; the
   *     message names it
   */
  public HashedModel hash(Path model, @Nullable Path signature) throws IOException {
    boolean link = Files.isSymbolicLink(model);
    if (link && !allowSymlinks) {
      throw HashedFiles.linkNotAllowed(model);
    }
    BasicFileAttributes attributes = Files.readAttributes(model, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      return hashDirectory(model, attributes, link, signature);
    }
    if (!attributes.isRegularFile()) {
      throw new FileSystemException(
          model.toString(), null, "a model is a directory or a regular file, this is neither");
    }
    return hashSingleFile(model, attributes);
  }

  private HashedModel hashDirectory(
      Path model, BasicFileAttributes attributes, boolean link, @Nullable Path signature)
      throws IOException {
    Optional<String> signatureName =
        signature == null ? Optional.empty() : ModelPath.within(model, signature);
    IgnoreRules rules = new IgnoreRules().add(ignorePaths, Reason.IGNORED_BY_USER);
    if (signatureName.isPresent()) {
      rules.add(List.of(recordable(signatureName.get(), signature)), Reason.SIGNATURE_FILE);
    }
    if (ignoreGitPaths) {
      rules.add(IgnoreRules.GIT_PATHS, Reason.GIT_PATH);
    }
    HashedFiles files = new HashedFiles(model, shardSize);
    resources.walk(
        algorithm,
        model,
        attributes,
        link,
        new ModelWalk(
            model,
            allowSymlinks,
            rules,
            ModelWalk.Listed.NONE,
            rangeSize(),
            resources.progress(),
            files));
    return hashed(model, files, recordedPaths(signatureName));
  }

  private long rangeSize() {
    return shardSize.orElse(FileHash.WHOLE);
  }

  /** The signature's place in the model is recorded, so its name must be one that can be. */
  private static String recordable(String name, @Nullable Path signature)
      throws FileSystemException {
    try {
      return HashingResources.recordableIgnorePath(name);
    } catch (IllegalArgumentException e) {
      throw new FileSystemException(
          String.valueOf(signature),
          null,
          "cannot be a signature inside the model: its name has one of the characters *?["
              + " (OMS 6.2.1)");
    }
  }

  /** What {@code ignore_paths} says: the user's paths and the signature in order, then git's. */
  private List<String> recordedPaths(Optional<String> signatureName) {
    Set<String> own = new TreeSet<>(CanonicalPath.CODE_POINT_ORDER);
    own.addAll(ignorePaths);
    signatureName.ifPresent(own::add);
    List<String> recorded = new ArrayList<>(own);
    if (ignoreGitPaths) {
      IgnoreRules.GIT_PATHS.stream().filter(path -> !own.contains(path)).forEach(recorded::add);
    }
    return recorded;
  }

  private HashedModel hashSingleFile(Path model, BasicFileAttributes attributes)
      throws IOException {
    String name = ModelPath.nameOf(model);
    if (CanonicalPath.lastComponent(model.toAbsolutePath()) == null) {
      throw new FileSystemException(
          model.toString(), null, "its name is not UTF-8, so it cannot be signed (OMS 6.1.2)");
    }
    HashedFiles files = new HashedFiles(model, shardSize);
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    int number = files.file(bytes, attributes.size());
    files.requireUsable();
    if (number != ModelSink.NOT_HASHED) {
      files.hashed(
          number,
          bytes,
          attributes.size(),
          resources.hash(algorithm, model, attributes, rangeSize(), allowSymlinks));
    }
    return hashed(model, files, List.of());
  }

  private HashedModel hashed(Path model, HashedFiles files, List<String> recorded)
      throws IOException {
    files.requireUsable();
    return new HashedModel(
        ModelPath.nameOf(model),
        files.manifest(serialization(recorded)),
        files.files(),
        files.bytes(),
        files.uncovered(),
        files.findings());
  }

  private Serialization serialization(List<String> recorded) {
    return shardSize.isPresent()
        ? new Serialization.Shards(algorithm, shardSize.getAsLong(), allowSymlinks, recorded)
        : new Serialization.Files(algorithm, allowSymlinks, recorded);
  }

  /** Collects the settings of a {@link ModelHasher}. */
  public static final class Builder {
    private HashAlgorithm algorithm = HashAlgorithm.SHA256;
    private OptionalLong shardSize = OptionalLong.empty();
    private boolean allowSymlinks;
    private boolean ignoreGitPaths = true;
    private final Set<String> ignorePaths = new TreeSet<>();
    private int parallelism = HashingResources.defaultParallelism();
    private HashProgress progress = HashProgress.NONE;

    private Builder() {}

    /** The algorithm of the digests; SHA-256 by default. */
    public Builder hashAlgorithm(HashAlgorithm hashAlgorithm) {
      this.algorithm = hashAlgorithm;
      return this;
    }

    /**
     * One digest for each range of this many bytes, in place of one for each file (OMS 6.3.2).
     *
     * @param bytes at least 1 and at most 2^53
     */
    public Builder shardSize(long bytes) {
      if (bytes < 1 || bytes > 1L << 53) {
        throw new IllegalArgumentException("a shard size is from 1 to 2^53, this is " + bytes);
      }
      this.shardSize = OptionalLong.of(bytes);
      return this;
    }

    /** Whether links to files are signed as what they lead to; refused by default. */
    public Builder allowSymlinks(boolean allow) {
      this.allowSymlinks = allow;
      return this;
    }

    /** Whether git's own files at the model's root are left out; they are by default. */
    public Builder ignoreGitPaths(boolean ignore) {
      this.ignoreGitPaths = ignore;
      return this;
    }

    /**
     * Leaves out a path and all below it.
     *
     * @param path relative to the model's root, {@code /} between components (OMS 6.2.1)
     * @throws IllegalArgumentException if the path is not canonical or has one of the characters
     *     {@code *?[}
     */
    public Builder ignorePath(String path) {
      ignorePaths.add(HashingResources.recordableIgnorePath(path));
      return this;
    }

    /** The greatest number of threads that hash; by default the number of processors. */
    public Builder parallelism(int threads) {
      if (threads < 1) {
        throw new IllegalArgumentException("at least one thread is needed, this is " + threads);
      }
      this.parallelism = threads;
      return this;
    }

    /** Is told how far the work has come. */
    public Builder progress(HashProgress listener) {
      this.progress = listener;
      return this;
    }

    /** A hasher with these settings. */
    public ModelHasher build() {
      return new ModelHasher(this);
    }
  }
}
