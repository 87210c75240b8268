package dev.modelsigning.manifest;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.hash.FileHash;
import dev.modelsigning.json.Printable;
import dev.modelsigning.manifest.ModelWalk.FoundFile;
import dev.modelsigning.manifest.ModelWalk.Irregular;
import dev.modelsigning.manifest.UncoveredEntry.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

  /** More resources than this do not fit into a bundle that verifiers read. */
  private static final long MAX_RESOURCES = 1_700_000;

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
      throw linkNotAllowed(model);
    }
    BasicFileAttributes attributes = Files.readAttributes(model, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      return hashDirectory(model, signature);
    }
    if (!attributes.isRegularFile()) {
      throw new FileSystemException(
          model.toString(), null, "a model is a directory or a regular file, this is neither");
    }
    return hashSingleFile(model, attributes);
  }

  private HashedModel hashDirectory(Path model, @Nullable Path signature) throws IOException {
    Optional<String> signatureName =
        signature == null ? Optional.empty() : ModelPath.within(model, signature);
    IgnoreRules rules = new IgnoreRules().add(ignorePaths, Reason.IGNORED_BY_USER);
    if (signatureName.isPresent()) {
      rules.add(List.of(recordable(signatureName.get(), signature)), Reason.SIGNATURE_FILE);
    }
    if (ignoreGitPaths) {
      rules.add(IgnoreRules.GIT_PATHS, Reason.GIT_PATH);
    }
    ModelWalk.Found found = ModelWalk.walk(model, allowSymlinks, rules, new TreeSet<>());
    if (!found.irregular().isEmpty()) {
      throw unsignable(found.irregular().get(0));
    }
    return hashFiles(
        model, found.files(), found.ignored(), found.findings(), recordedPaths(signatureName));
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
    return hashFiles(
        model, List.of(new FoundFile(name, model, attributes)), List.of(), List.of(), List.of());
  }

  private HashedModel hashFiles(
      Path model,
      List<FoundFile> files,
      List<UncoveredEntry> ignored,
      List<Finding> findings,
      List<String> recorded)
      throws IOException {
    List<UncoveredEntry> uncovered = new ArrayList<>(ignored);
    List<FoundFile> covered = new ArrayList<>();
    for (FoundFile file : files) {
      if (shardSize.isPresent() && file.attributes().size() == 0) {
        uncovered.add(new UncoveredEntry(file.name(), EntryKind.FILE, Reason.EMPTY_FILE));
      } else {
        covered.add(file);
      }
    }
    if (covered.isEmpty()) {
      throw new FileSystemException(
          model.toString(),
          null,
          "the model has no files to sign"
              + (uncovered.isEmpty() ? "" : " besides those that are left out")
              + " (OMS 6.1)");
    }
    long rangeSize = shardSize.orElse(FileHash.WHOLE);
    requireUsableNumber(model, covered, rangeSize);
    List<byte[][]> digests = resources.hash(algorithm, covered, rangeSize, allowSymlinks);
    List<ResourceDescriptor> descriptors = new ArrayList<>();
    for (int i = 0; i < covered.size(); i++) {
      describe(covered.get(i), digests.get(i), descriptors);
    }
    descriptors.sort(CanonicalPath.byName(ResourceDescriptor::name));
    uncovered.sort(CanonicalPath.byName(UncoveredEntry::name));
    Manifest manifest = new Manifest(serialization(recorded), descriptors);
    return new HashedModel(
        ModelPath.nameOf(model),
        manifest,
        covered.size(),
        covered.stream().mapToLong(file -> file.attributes().size()).sum(),
        uncovered,
        findings);
  }

  private static void requireUsableNumber(Path model, List<FoundFile> files, long rangeSize)
      throws FileSystemException {
    double shards =
        files.stream()
            .mapToDouble(file -> Math.max(1, file.attributes().size() / (double) rangeSize))
            .sum();
    if (shards > MAX_RESOURCES) {
      throw new FileSystemException(
          model.toString(),
          null,
          String.format(
              "%.0f files or shards are more than one signature can list (%d);"
                  + " choose a larger shard size",
              shards, MAX_RESOURCES));
    }
  }

  private void describe(FoundFile file, byte[][] digests, List<ResourceDescriptor> descriptors) {
    for (int i = 0; i < digests.length; i++) {
      String name = file.name();
      if (shardSize.isPresent()) {
        long start = i * shardSize.getAsLong();
        long end = Math.min(file.attributes().size(), start + shardSize.getAsLong());
        name = new Shard(name, start, end).name();
      }
      descriptors.add(new ResourceDescriptor(name, Digest.of(algorithm, digests[i])));
    }
  }

  private Serialization serialization(List<String> recorded) {
    return shardSize.isPresent()
        ? new Serialization.Shards(algorithm, shardSize.getAsLong(), allowSymlinks, recorded)
        : new Serialization.Files(algorithm, allowSymlinks, recorded);
  }

  private static FileSystemException linkNotAllowed(Path path) {
    return new FileSystemException(
        path.toString(),
        null,
        "is a symbolic link; allow links to sign what it leads to, or ignore it (OMS 6.1.1)");
  }

  private static FileSystemException unsignable(Irregular entry) {
    String reason =
        switch (entry.kind()) {
          case SYMBOLIC_LINK -> null;
          case DIRECTORY_LINK ->
              "is a symbolic link to a directory, which is never followed:"
                  + " ignore it or replace it by the directory (OMS 6.1.1)";
          case BROKEN_LINK ->
              "is a symbolic link that leads nowhere or in a circle: repair or ignore it";
          case SPECIAL_FILE -> "is not a regular file (FIFO, socket or device): ignore it";
          case UNREADABLE_DIRECTORY -> why(entry) + ": the directory cannot be read";
          case UNREADABLE_ENTRY -> why(entry) + ": the entry cannot be read";
          case UNREPRESENTABLE_NAME ->
              "its name is not UTF-8, so it cannot be signed: rename or ignore its directory"
                  + " (OMS 6.1.2)";
          case FILE, DIRECTORY -> "cannot be signed";
        };
    if (reason == null) {
      return linkNotAllowed(entry.path());
    }
    Path parent = entry.path().getParent();
    String shown =
        entry.kind() == EntryKind.UNREPRESENTABLE_NAME && parent != null
            ? parent + "/" + Printable.escape(String.valueOf(entry.path().getFileName()))
            : entry.path().toString();
    return new FileSystemException(shown, null, reason);
  }

  private static String why(Irregular entry) {
    if (entry.failure() instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (entry.failure() instanceof NoSuchFileException) {
      return "it disappeared while the model was read";
    }
    String reason = entry.failure() == null ? null : entry.failure().getReason();
    return reason == null ? "unknown reason" : reason;
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
