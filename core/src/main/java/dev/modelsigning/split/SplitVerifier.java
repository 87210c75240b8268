package dev.modelsigning.split;

import dev.modelsigning.ModelMismatchException;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerificationException.Reason;
import dev.modelsigning.split.SplitIndex.Part;
import dev.modelsigning.statement.PartName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a model that was signed in parts. The index is verified first, as a model, with the
 * signatures of all parts; then each part, by the same rules for signers. A file that belongs to no
 * part is one that is not signed.
 */
public final class SplitVerifier {

  private final SplitIndex index;
  private final VerifiedModel verified;
  private final Prefixes prefixes;

  private SplitVerifier(SplitIndex index, VerifiedModel verified) {
    this.index = index;
    this.verified = verified;
    this.prefixes = index.prefixes();
  }

  /**
   * The directory of an index of parts that a path names: the directory, even if something in it is
   * missing, or the index in it or its signature. Empty if it is none of these.
   */
  public static Optional<Path> index(Path path) {
    if (path.endsWith(SplitIndex.FILE) || path.endsWith(SplitIndex.SIGNATURE)) {
      return Optional.ofNullable(path.toAbsolutePath().getParent())
          .filter(above ->
              path.endsWith(SplitIndex.FILE) || Files.exists(above.resolve(SplitIndex.FILE)))
          .filter(Files::isDirectory);
    }
    return Files.isDirectory(path)
            && (Files.exists(path.resolve(SplitIndex.FILE))
                || Files.exists(path.resolve(SplitIndex.SIGNATURE)))
        ? Optional.of(path)
        : Optional.empty();
  }

  /**
   * Opens an index.
   *
   * @param directory its directory
   * @param trust whom to trust
   * @throws IOException if a file cannot be read
   * @throws MalformedBundleException if a signature or the index is malformed: in particular if
   *     prefixes overlap, or a signature belongs to no part, or there is none for one
   * @throws VerificationException if the signature of the index is not trusted, or a file of the
   *     directory is not what was signed, missing, or not signed
   */
  public static SplitVerifier open(Path directory, BundleVerifier trust)
      throws IOException, MalformedBundleException, VerificationException {
    Path signature = directory.resolve(SplitIndex.SIGNATURE);
    VerifiedModel verified;
    try {
      verified =
          ModelVerifier.builder(trust)
              .strict(true)
              .build()
              .verify(DirectorySource.of(directory), signature);
    } catch (ModelMismatchException e) {
      // Its differences are between this directory and what was signed, and not those of the model.
      throw new VerificationException(
          Reason.MODEL_MISMATCH,
          directory + ": the index of parts is not what was signed: " + first(e.differences()),
          e);
    }
    Set<String> files = new HashSet<>();
    verified.manifest().resources().forEach(file -> files.add(file.name()));
    if (!files.remove(SplitIndex.FILE)) {
      throw malformed(directory, "has no " + SplitIndex.FILE);
    }
    byte[] content = verified.readAllBytes(SplitIndex.FILE);
    if (content.length > SplitIndex.MAX_SIZE) {
      throw malformed(directory, "is larger than " + SplitIndex.MAX_SIZE + " bytes");
    }
    SplitIndex index;
    try {
      index = SplitIndex.read(content);
    } catch (MalformedJsonException e) {
      throw new MalformedBundleException(directory + ": " + e.getMessage(), e);
    }
    for (Part part : index.parts()) {
      if (!files.remove(part.signature())) {
        throw malformed(
            directory,
            "names " + Printable.quote(part.signature()) + ", which is not signed in it");
      }
    }
    if (!files.isEmpty()) {
      throw malformed(
          directory,
          "has "
              + Printable.quote(files.iterator().next())
              + ", which is the signature of no part");
    }
    // A model with files that look like an index was not signed as one.
    String name = verified.statement().modelName().orElse("");
    if (!name.equals(index.model() + SplitIndex.SUFFIX)) {
      throw malformed(
          directory,
          "is signed as "
              + Printable.quote(name)
              + ", and not as "
              + Printable.quote(index.model() + SplitIndex.SUFFIX));
    }
    return new SplitVerifier(index, verified);
  }

  private static String first(ManifestDiff differences) {
    List<String> all = new ArrayList<>();
    differences.changed().forEach(file -> all.add(Printable.quote(file.name()) + " was changed"));
    differences.missing().forEach(file -> all.add(Printable.quote(file) + " is missing"));
    differences.extra().forEach(file -> all.add(Printable.quote(file.name()) + " was added"));
    return all.size() <= 1
        ? String.join("", all)
        : all.get(0) + ", and " + (all.size() - 1) + " more";
  }

  private static MalformedBundleException malformed(Path directory, String problem) {
    return new MalformedBundleException(directory + ": the index of parts " + problem);
  }

  /** The index, which was verified. */
  public SplitIndex index() {
    return index;
  }

  /** The directory with the index, which was verified as a model. */
  public VerifiedModel verifiedIndex() {
    return verified;
  }

  /** Receives the outcome for each part. */
  @FunctionalInterface
  public interface Outcomes {
    /** Takes the proof, or the failure. */
    void accept(Part part, VerificationOutcome outcome);
  }

  /**
   * Verifies all parts, one after another, and lists the model again at the end. What belongs to no
   * part is judged with the first one.
   *
   * @param verifier verifies models for the same {@link BundleVerifier} as the index
   * @param outcomes receives the outcome for each part, in their order. They count only if nothing
   *     is thrown: a model that never was as a whole what was signed is not verified
   * @throws MalformedBundleException if a signature is not what the index says of it
   * @throws IOException if a signature cannot be read, or is not the one of the index any more; or
   *     files were added, changed or removed meanwhile, except for those that are left out
   */
  public void examine(ModelSource model, ModelVerifier verifier, Outcomes outcomes)
      throws IOException, MalformedBundleException, VerificationException {
    Together together = new Together(model);
    for (int part = 0; part < index.parts().size(); part++) {
      String signature = index.parts().get(part).signature();
      StoredBundle read = StoredBundle.of(signature, verified.readAllBytes(signature));
      PartName name = new PartName(index.model(), part + 1, index.parts().size());
      VerificationOutcome outcome =
          verifier
              .forPart(name)
              .examine(new PartSource(model, prefixes, part, together::listed), read);
      if (outcome.manifest().isPresent()) {
        requireWithin(outcome.manifest().get(), part, signature);
      }
      outcomes.accept(index.parts().get(part), outcome);
    }
    together.end();
  }

  /** Demands that all lists have the same files in the same versions. */
  private static final class Together {
    private final ModelSource model;
    private @Nullable Seen first;

    Together(ModelSource model) {
      this.model = model;
    }

    void listed(Seen seen) throws IOException {
      if (first == null) {
        first = seen;
      } else {
        seen.requireSame(first, model.location(), "verified");
      }
    }

    /** Lists once more; there is nothing to compare if no part came so far. */
    void end() throws IOException {
      if (first != null) {
        Seen last = new Seen(first.selection());
        model.list(last.selection(), Optional.empty(), new FilesOnly(last::add, () -> {}));
        listed(last);
      }
    }
  }

  private void requireWithin(Manifest manifest, int part, String signature)
      throws MalformedBundleException {
    for (ResourceDescriptor resource : manifest.resources()) {
      // The ends of a shard follow its name, which does not change its directory.
      if (prefixes.of(resource.name()) != part) {
        throw new MalformedBundleException(
            signature
                + ": signs "
                + Printable.quote(resource.name())
                + ", which lies outside of the prefixes that the index gives it");
      }
    }
  }
}
