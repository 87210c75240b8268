package dev.modelsigning.split;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.SignedModel;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.signing.PayloadSigner;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.split.SplitIndex.Part;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Signs a model in parts, for one with more files or shards than a statement can list. The result
 * is a directory: a signature for each part, an index of them, and the signature of that directory.
 * Each signature of a part is an ordinary one, with the names that files have in the whole model:
 * any client verifies it that is told not to mind files that are not signed.
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
   * @param signature the signature of the directory with the index
   * @param files the number of files in all parts
   * @param bytes their length in bytes
   */
  public record SplitModel(SplitIndex index, SignedModel signature, long files, long bytes) {}

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
    requirePlace(model, directory);
    signer.requireReady();
    PrefixCounts before = PrefixCounts.of(model, hasher);
    List<List<Prefix>> plan = before.plan(model.location(), most);
    Path work = directory.toAbsolutePath().resolveSibling(".model-signing-" + UUID.randomUUID());
    Files.createDirectory(work);
    try {
      SplitModel signed = sign(model, plan, before, work);
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
    if (model.nameOf(directory).isPresent()) {
      throw new FileSystemException(
          directory.toString(),
          null,
          "lies in the model; the index of its parts belongs elsewhere");
    }
  }

  private SplitModel sign(
      ModelSource model, List<List<Prefix>> plan, PrefixCounts before, Path work)
      throws IOException, SigningException {
    Prefixes prefixes = new Prefixes(plan);
    List<Part> parts = new ArrayList<>();
    String name = "";
    long files = 0;
    long bytes = 0;
    for (int part = 0; part < plan.size(); part++) {
      String signature = SplitIndex.signature(part);
      SignedModel signed =
          ModelSigner.using(signer)
              .withHasher(hasher)
              .sign(new PartSource(model, prefixes, part), work.resolve(signature));
      parts.add(new Part(signature, plan.get(part)));
      name = signed.content().name();
      files += signed.content().files();
      bytes += signed.content().bytes();
    }
    if (!PrefixCounts.of(model, hasher).isSame(before)) {
      throw new FileSystemException(
          model.location(),
          null,
          "files were added, changed or removed while its parts were signed; start again when"
              + " nobody writes to it, or use a snapshot or a copy");
    }
    SplitIndex index = new SplitIndex(name, parts);
    Files.write(work.resolve(SplitIndex.FILE), index.toJson());
    ModelHasher ofIndex = ModelHasher.builder().name(name + SplitIndex.SUFFIX).build();
    SignedModel signed =
        ModelSigner.using(signer)
            .withHasher(ofIndex)
            .sign(DirectorySource.of(work), work.resolve(SplitIndex.SIGNATURE));
    return new SplitModel(index, signed, files, bytes);
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
