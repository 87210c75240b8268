package dev.modelsigning.split;

import dev.modelsigning.ModelVerifier;
import dev.modelsigning.VerificationOutcome;
import dev.modelsigning.VerifiedModel;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.internal.json.MalformedJsonException;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.split.SplitIndex.Part;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

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

  /** Whether a path is that of an index of parts. */
  public static boolean isIndex(Path path) {
    return Files.isDirectory(path) && Files.exists(path.resolve(SplitIndex.FILE));
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
    VerifiedModel verified =
        ModelVerifier.builder(trust)
            .strict(true)
            .build()
            .verify(DirectorySource.of(directory), signature);
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

  /**
   * Verifies a part. What belongs to no part is judged with the first one.
   *
   * @param part its number, from 0
   * @param verifier verifies models for the same {@link BundleVerifier} as the index
   * @return the proof, or the failure
   * @throws MalformedBundleException if the signature is not what the index says of it
   * @throws IOException if it cannot be read, or is not the one of the index any more
   */
  public VerificationOutcome examine(ModelSource model, int part, ModelVerifier verifier)
      throws IOException, MalformedBundleException, VerificationException {
    String name = index.parts().get(part).signature();
    StoredBundle read = StoredBundle.of(name, verified.readAllBytes(name));
    VerificationOutcome outcome = verifier.examine(new PartSource(model, prefixes, part), read);
    Optional<Statement> statement = outcome.statement();
    if (statement.isPresent()) {
      String signedAs = statement.get().modelName().orElse("");
      if (!signedAs.equals(index.model())) {
        throw new MalformedBundleException(
            name
                + ": is the signature of "
                + Printable.quote(signedAs)
                + ", and the index is of "
                + Printable.quote(index.model()));
      }
    }
    if (outcome.manifest().isPresent()) {
      requireWithin(outcome.manifest().get(), part, name);
    }
    return outcome;
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
