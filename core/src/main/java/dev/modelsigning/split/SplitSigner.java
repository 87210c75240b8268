package dev.modelsigning.split;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.SignedModel;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.HashedModel;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.split.SplitIndex.Part;
import dev.modelsigning.statement.PartName;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Signs a model in parts, for one with more files or shards than a statement can list. The result
 * is a directory: a signature for each part, an index of them, and the signature of that directory.
 * Each signature of a part is an ordinary one, with the names that files have in the whole model,
 * and a {@link PartName} for the model: any client verifies it that is told not to mind files that
 * are not signed, and this one only with the index.
 *
 * <p>Parts are directories, as few as need be. The model is listed once for the plan, once for each
 * part, and once at the end; what was added, changed or removed in between is a failure.
 */
public final class SplitSigner {

  /** How many resources a part has at most, unless another number is given. */
  public static final long MOST_RESOURCES = 1_000_000;

  /** How many resources a part can have: those of one statement that verifiers read. */
  public static final long LIMIT = 1_700_000;

  private final PayloadSigner signer;
  private final ModelHasher hasher;
  private final long most;

  private SplitSigner(PayloadSigner signer, ModelHasher hasher, long most) {
    this.signer = signer;
    this.hasher = hasher;
    this.most = most;
  }

  /**
   * Returns a signer.
   *
   * @param most how many files or shards a part has at most, from 1 to {@link #LIMIT}
   * @throws IllegalArgumentException if it is another number
   */
  public static SplitSigner using(PayloadSigner signer, ModelHasher hasher, long most) {
    if (most < 1 || most > LIMIT) {
      throw new IllegalArgumentException("a part has from 1 to " + LIMIT + " files, not " + most);
    }
    return new SplitSigner(signer, hasher, most);
  }

  /**
   * A model that was signed in parts.
   *
   * @param index the index
   * @param signed the signature of the directory with the index, which is what its manifest lists;
   *     the files, bytes, findings, and what is not covered, are those of all parts
   */
  public record SplitModel(SplitIndex index, SignedModel signed) {}

  /**
   * Signs a model.
   *
   * @param directory the directory to create, which must not exist, nor lie in the model. It
   *     appears when all is signed, and not at all otherwise
   * @throws IOException if the model cannot be read or divided, contains something that cannot be
   *     signed, or changes meanwhile; or the directory cannot be written
   * @throws SigningException if a signature cannot be made
   */
  public SplitModel sign(ModelSource model, Path directory) throws IOException, SigningException {
    return sign(model, directory, part -> List.of());
  }

  /**
   * Signs a model.
   *
   * @param directory the directory to create, as above
   * @param look looks at the manifest of each part while it is there, and returns what it found
   * @throws IOException as above
   * @throws SigningException as above
   */
  public SplitModel sign(ModelSource model, Path directory, Function<Manifest, List<Finding>> look)
      throws IOException, SigningException {
    requirePlace(model, directory);
    String name = name(model);
    signer.requireReady();
    PrefixCounts before = PrefixCounts.of(model, hasher);
    List<List<Prefix>> plan = before.plan(model.location(), most);
    requireReadable(model, name, plan);
    Path work = directory.toAbsolutePath().resolveSibling(".model-signing-" + UUID.randomUUID());
    Files.createDirectory(work);
    try {
      SplitModel signed = new Parts(model, name, look, work).sign(plan, before);
      Files.move(work, directory.toAbsolutePath(), StandardCopyOption.ATOMIC_MOVE);
      return signed;
    } finally {
      delete(work);
    }
  }

  private static void requirePlace(ModelSource model, Path directory) throws IOException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileSystemException(
          directory.toString(), null, "exists; the parts and their index are a new directory");
    }
    Path above = directory.toAbsolutePath().getParent();
    if (above == null || !Files.isDirectory(above)) {
      throw new FileSystemException(
          directory.toString(), null, "cannot be made: the directory " + above + " does not exist");
    }
    if (model.nameOf(directory).isPresent()) {
      throw new FileSystemException(
          directory.toString(),
          null,
          "lies in the model; the index of its parts belongs elsewhere");
    }
  }

  /** The name of the model, which names of its parts and of the index are made of. */
  private String name(ModelSource model) throws IOException {
    String name = hasher.nameOf(model);
    try {
      hasher.named(name + SplitIndex.SUFFIX);
    } catch (IllegalArgumentException e) {
      throw new FileSystemException(
          model.location(), null, e.getMessage() + "; give it another one with --name");
    }
    return name;
  }

  /** Hours of hashing must not end in an index that nobody can read. */
  private static void requireReadable(ModelSource model, String name, List<List<Prefix>> plan)
      throws FileSystemException {
    try {
      SplitIndex.read(index(name, plan).toJson());
    } catch (MalformedJsonException e) {
      throw new FileSystemException(
          model.location(),
          null,
          "the index of "
              + plan.size()
              + " parts would be one that no verifier reads ("
              + e.getMessage()
              + "); let a part have more files, or choose larger shards");
    }
  }

  private static SplitIndex index(String name, List<List<Prefix>> plan) {
    List<Part> parts = new ArrayList<>();
    for (List<Prefix> prefixes : plan) {
      parts.add(new Part(SplitIndex.signature(parts.size()), prefixes));
    }
    return new SplitIndex(name, parts);
  }

  /** Signs the parts of a model, one after another, and then their index. */
  private final class Parts {
    private final ModelSource model;
    private final String name;
    private final Function<Manifest, List<Finding>> look;
    private final Path work;

    /** The SHA-256 of each file as it was written: nobody else must write here. */
    private final Map<String, String> written = new TreeMap<>();

    private final Set<Finding> findings = new LinkedHashSet<>();
    private final List<UncoveredEntry> uncovered = new ArrayList<>();
    private long files;
    private long bytes;

    Parts(ModelSource model, String name, Function<Manifest, List<Finding>> look, Path work) {
      this.model = model;
      this.name = name;
      this.look = look;
      this.work = work;
    }

    SplitModel sign(List<List<Prefix>> plan, PrefixCounts before)
        throws IOException, SigningException {
      Prefixes prefixes = new Prefixes(plan);
      for (int part = 0; part < plan.size(); part++) {
        PartSource source =
            new PartSource(
                model,
                prefixes,
                part,
                seen -> seen.requireSame(before.seen(), model.location(), "signed"));
        sign(source, new PartName(name, part + 1, plan.size()));
      }
      before.requireSame(model);
      SplitIndex index = index(name, plan);
      write(SplitIndex.FILE, index.toJson());
      HashedModel hashed =
          ModelHasher.builder()
              .name(name + SplitIndex.SUFFIX)
              .build()
              .hash(DirectorySource.of(work), work.resolve(SplitIndex.SIGNATURE));
      requireMine(hashed.manifest());
      SignedPayload signed = signer.sign(Statement.about(hashed).toPayload());
      signed.bundle().write(work.resolve(SplitIndex.SIGNATURE));
      return new SplitModel(
          index,
          new SignedModel(
              new HashedModel(
                  hashed.name(), hashed.manifest(), files, bytes, uncovered, List.copyOf(findings)),
              signed));
    }

    private void sign(PartSource source, PartName part) throws IOException, SigningException {
      String file = SplitIndex.signature(part.number() - 1);
      SignedModel signed =
          ModelSigner.using(signer)
              .withHasher(hasher.named(part.toString()))
              .sign(source, work.resolve(file));
      written.put(file, sha256(signed.signature().bundle().toJson()::writeTo));
      HashedModel content = signed.content();
      findings.addAll(content.findings());
      findings.addAll(signed.signature().findings());
      findings.addAll(look.apply(content.manifest()));
      uncovered.addAll(content.uncovered());
      files += content.files();
      bytes += content.bytes();
    }

    private void write(String file, byte[] content) throws IOException {
      Files.write(work.resolve(file), content);
      written.put(file, sha256(out -> out.write(content)));
    }

    /** What is signed is what was written, and not what somebody else has put in its place. */
    private void requireMine(Manifest manifest) throws IOException {
      Map<String, String> found = new TreeMap<>();
      manifest.resources().forEach(file -> found.put(file.name(), file.digest().hex()));
      if (!found.equals(written)) {
        throw new FileSystemException(
            work.toString(),
            null,
            "somebody else has changed files in this directory, where the parts were collected;"
                + " nothing was signed for all of them. Write them where nobody else can write");
      }
    }
  }

  /** Writes the content of a file. */
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private static String sha256(Content content) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
    try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      content.writeTo(out);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Deletes the directory unless it was moved: a flat one. */
  private static void delete(Path work) throws IOException {
    if (Files.notExists(work)) {
      return;
    }
    try (Stream<Path> all = Files.walk(work)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
