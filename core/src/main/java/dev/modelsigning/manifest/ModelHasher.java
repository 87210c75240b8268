package dev.modelsigning.manifest;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
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
 * files, directories that cannot be read, names that are not UTF-8, files that change while they
 * are read.
 */
public final class ModelHasher {

  private final HashAlgorithm algorithm;
  private final OptionalLong shardSize;
  private final Reading reading;

  /** The manifest whose parameters are used for hashing; null for none. */
  private final @Nullable Manifest like;

  /** The name of the model; null for that of its source. */
  private final @Nullable String named;

  private ModelHasher(Builder builder) {
    like = builder.like;
    algorithm = builder.algorithm;
    shardSize = builder.shardSize;
    reading = builder.reading;
    named = builder.named;
  }

  /**
   * Returns a hasher with the default settings: SHA-256, one digest for each file, git paths left
   * out.
   */
  public static ModelHasher withDefaults() {
    return builder().build();
  }

  /** Returns a builder with the default settings. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Hashes a model.
   *
   * @param model its directory or file
   * @throws IOException if the model cannot be read or contains something that cannot be signed;
   *     the message names it
   */
  public HashedModel hash(Path model) throws IOException {
    return hash(DirectorySource.of(model));
  }

  /**
   * Hashes a model from any source.
   *
   * @throws IOException if the model cannot be read or contains something that cannot be signed;
   *     the message names it
   */
  public HashedModel hash(ModelSource model) throws IOException {
    return hash(model, null);
  }

  /**
   * Hashes a model whose signature file, existing or not, may lie in the model's directory. The
   * signature is left out (OMS 6.2).
   *
   * @param model its directory or file
   * @param signature the signature file; it need not exist
   * @throws IOException if the model cannot be read or contains something that cannot be signed;
   *     the message names it
   */
  public HashedModel hash(Path model, @Nullable Path signature) throws IOException {
    return hash(DirectorySource.of(model), signature);
  }

  /**
   * Hashes a model from any source, whose signature file, existing or not, may lie in it. The
   * signature is left out (OMS 6.2).
   *
   * @param signature the signature file; it need not exist
   * @throws IOException if the model cannot be read or contains something that cannot be signed;
   *     the message names it
   */
  public HashedModel hash(ModelSource model, @Nullable Path signature) throws IOException {
    return hashBeside(signature == null ? List.of() : List.of(signature), model);
  }

  /**
   * Hashes a model from any source, in which several signature files may lie, existing or not. They
   * are left out (OMS 6.2).
   *
   * @param signatures the signature files; they need not exist
   * @throws IOException if the model cannot be read or contains something that cannot be signed;
   *     the message names it
   */
  public HashedModel hashBeside(Collection<Path> signatures, ModelSource model) throws IOException {
    List<String> signatureNames = new ArrayList<>();
    for (Path signature : signatures) {
      Optional<String> name = model.nameOf(signature);
      if (name.isPresent()) {
        signatureNames.add(like == null ? recordable(name.get(), signature) : name.get());
      }
    }
    Selection.Builder selection =
        Selection.builder()
            .followLinks(allowSymlinks())
            .leaveOut(reading.ignorePaths(), Reason.IGNORED_BY_USER);
    selection.leaveOut(signatureNames, Reason.SIGNATURE_FILE);
    if (reading.ignoreGitPaths()) {
      selection.leaveOutGitPaths();
    }
    if (like != null) {
      selection
          .listed(like.files())
          .leaveOut(like.serialization().ignorePaths(), Reason.IGNORED_BY_SIGNER);
    }
    HashedFiles files = new HashedFiles(model.location(), shardSize);
    ContentReader reader =
        new ContentReader(
            model, selection.build(), reading, reading.hashing(algorithm, shardSize), files);
    reader.read();
    files.requireUsable();
    List<String> recorded = reader.isSingle() ? List.of() : recordedPaths(signatureNames);
    Manifest manifest =
        files.manifest(serialization(recorded), !(model instanceof DirectorySource));
    List<Finding> findings = new ArrayList<>(files.findings());
    findings.addAll(aboutDownloads(manifest));
    return new HashedModel(
        nameOf(model), manifest, files.files(), files.bytes(), files.uncovered(), findings);
  }

  /**
   * Lists the current entries of a model, including links if they are followed, without leaving any
   * out. Nothing is hashed.
   *
   * @param listing receives the entries
   * @throws IOException if the model cannot be listed
   */
  public void list(ModelSource model, Listing listing) throws IOException {
    Selection selection = Selection.builder().followLinks(allowSymlinks()).build();
    model.list(selection, Optional.empty(), listing);
  }

  /** The rules for the files of a model in which no signature lies. */
  public Selection selection() {
    Selection.Builder selection =
        Selection.builder()
            .followLinks(allowSymlinks())
            .leaveOut(reading.ignorePaths(), Reason.IGNORED_BY_USER);
    if (reading.ignoreGitPaths()) {
      selection.leaveOutGitPaths();
    }
    return selection.build();
  }

  /** The number of resources that a file of this size has in a manifest: 0 if it is left out. */
  public long resources(long size) {
    return reading.hashing(algorithm, shardSize).digests(size);
  }

  /** Whether the digests of files in this serialization would be the same as those made here. */
  public boolean makesDigestsOf(Serialization other) {
    return other.isHashedBy(reading.hashing(algorithm, shardSize));
  }

  /** Returns the same hasher, accepting digests with other evidence too. */
  public ModelHasher accept(Evidence other) {
    Builder builder = copy();
    builder.reading = reading.accept(other);
    return builder.build();
  }

  /**
   * Returns the same hasher, with this name for models (OMS 6.5).
   *
   * @throws IllegalArgumentException as {@link Builder#name} does
   */
  public ModelHasher named(String name) {
    return copy().name(name).build();
  }

  private Builder copy() {
    Builder builder = new Builder();
    builder.algorithm = algorithm;
    builder.shardSize = shardSize;
    builder.reading = reading;
    builder.like = like;
    builder.named = named;
    return builder;
  }

  /**
   * The name by which a model is signed (OMS 6.5).
   *
   * @throws IOException if it cannot be found out, or cannot stand in a statement
   */
  public String nameOf(ModelSource model) throws IOException {
    return named == null ? name(model) : named;
  }

  /** Users who download the model get different download metadata, and thus a different model. */
  private static List<Finding> aboutDownloads(Manifest manifest) {
    return Selection.HUGGING_FACE_PATHS.stream()
        .filter(manifest.files()::hasFileBelow)
        .map(path ->
            Finding.of(
                    Rules.DOWNLOAD_NOTES_SIGNED,
                    "the files include "
                        + path
                        + ", where 'hf download' keeps its notes, so a signature of them fits no other"
                        + " download of this model; leave it out with --ignore-paths "
                        + path)
                .withFile(path))
        .toList();
  }

  /** The name becomes part of the statement, so it must be representable. */
  private static String name(ModelSource model) throws IOException {
    String name = model.name();
    boolean encodes = StandardCharsets.UTF_8.newEncoder().canEncode(name);
    if (name.isEmpty() || !encodes) {
      throw new FileSystemException(
          model.location(),
          null,
          "the name of the model " + (encodes ? "is empty" : "is not UTF-8") + " (OMS 6.5)");
    }
    return name;
  }

  private boolean allowSymlinks() {
    return reading.allowSymlinks().orElse(like != null && like.serialization().allowSymlinks());
  }

  /** The signature's path in the model is recorded, so its name must be representable. */
  private static String recordable(String name, Path signature) throws FileSystemException {
    if (isPattern(name)) {
      throw new FileSystemException(
          signature.toString(),
          null,
          "cannot be a signature inside the model: its name has one of the characters *?["
              + " (OMS 6.2.1)");
    }
    return name;
  }

  private static boolean isPattern(String path) {
    return path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
  }

  /**
   * The value of {@code ignore_paths}: the user's paths and the signatures, sorted, then git's
   * paths.
   */
  private List<String> recordedPaths(List<String> signatureNames) {
    Set<String> own = new TreeSet<>(CanonicalPath.CODE_POINT_ORDER);
    own.addAll(reading.ignorePaths());
    own.addAll(signatureNames);
    if (like != null) {
      own.addAll(like.serialization().ignorePaths());
    }
    List<String> recorded = new ArrayList<>(own);
    if (reading.ignoreGitPaths()) {
      Selection.GIT_PATHS.stream().filter(path -> !own.contains(path)).forEach(recorded::add);
    }
    return recorded;
  }

  private Serialization serialization(List<String> recorded) {
    return shardSize.isPresent()
        ? new Serialization.Shards(algorithm, shardSize.getAsLong(), allowSymlinks(), recorded)
        : new Serialization.Files(algorithm, allowSymlinks(), recorded);
  }

  /** Collects the settings of a {@link ModelHasher}. */
  public static final class Builder {
    private HashAlgorithm algorithm = HashAlgorithm.SHA256;
    private OptionalLong shardSize = OptionalLong.empty();
    private Reading reading = Reading.withDefaults();
    private @Nullable Manifest like;
    private @Nullable String named;

    private Builder() {}

    /**
     * Sets the name of the model (OMS 6.5); by default it is that of its source.
     *
     * @throws IllegalArgumentException if it is empty, is not Unicode, or has control characters
     */
    public Builder name(String name) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("the name of a model must not be empty");
      }
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)
          || name.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException(
            "the name of a model must be Unicode without control characters, found "
                + Printable.quote(name));
      }
      this.named = name;
      return this;
    }

    /** Sets the algorithm of the digests; SHA-256 by default. */
    public Builder hashAlgorithm(HashAlgorithm hashAlgorithm) {
      this.algorithm = hashAlgorithm;
      return this;
    }

    /**
     * Sets the shard size: one digest for each range of this many bytes instead of one for each
     * file (OMS 6.3.2).
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

    /**
     * Uses the parameters of a manifest, for a comparison with it: its algorithm and shards, with
     * links if it allows them, and without the paths that it ignores. Files in the manifest are
     * never left out.
     */
    public Builder like(Manifest manifest) {
      Serialization serialization = manifest.serialization();
      like = manifest;
      algorithm = serialization.hashAlgorithm();
      shardSize =
          serialization instanceof Serialization.Shards shards
              ? OptionalLong.of(shards.shardSize())
              : OptionalLong.empty();
      return this;
    }

    /**
     * Sets how the model is read.
     *
     * @throws IllegalArgumentException if a path to ignore has one of the characters {@code *?[},
     *     which other implementations interpret as a pattern (OMS 6.2.1)
     */
    public Builder reading(Reading how) {
      for (String path : how.ignorePaths()) {
        if (isPattern(path)) {
          throw new IllegalArgumentException(
              "the path to ignore "
                  + Printable.quote(path)
                  + " has one of the characters *?[ (there are no patterns, name the path itself)"
                  + " (OMS 6.2.1)");
        }
      }
      this.reading = how;
      return this;
    }

    /** Returns a hasher with these settings. */
    public ModelHasher build() {
      return new ModelHasher(this);
    }
  }
}
