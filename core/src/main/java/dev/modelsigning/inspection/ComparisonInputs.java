package dev.modelsigning.inspection;

import dev.modelsigning.bundle.Bundle;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.facts.TensorFormats;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestComparison;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The two paths to compare, each with what was found there: a signature file or a model.
 *
 * <p>A directory is a model. A file that is a bundle is a signature. Any other file is a model of
 * one file if the other side is a signature over a single file, and it does not look like a damaged
 * bundle. All other cases are ambiguous and refused.
 */
public final class ComparisonInputs {

  /** Known signers write the media type of a bundle within these first bytes. */
  private static final int BEGINNING = 4096;

  /** The name that older signers give to a model that is a single file. */
  private static final String SINGLE_FILE = ".";

  private static final String MEDIA_TYPE =
      Bundle.MEDIA_TYPE.substring(0, Bundle.MEDIA_TYPE.indexOf(".v"));

  private final Input before;
  private final Input after;
  private final @Nullable TensorFormats formats;

  private ComparisonInputs(Input before, Input after, @Nullable TensorFormats formats) {
    this.before = before;
    this.after = after;
    this.formats = formats;
  }

  /**
   * One of the inputs.
   *
   * @param location where it is, for display
   * @param model reads it as a model
   * @param bundle the bundle, if it is a signature
   * @param problem why a file is not a signature; null if it is one, or a directory
   */
  private record Input(
      String location,
      ModelSource model,
      @Nullable StoredBundle bundle,
      @Nullable MalformedBundleException problem) {

    static Input at(Path path) throws IOException, MalformedBundleException {
      DirectorySource model = DirectorySource.of(path);
      if (Files.isDirectory(path)) {
        return new Input(path.toString(), model, null, null);
      }
      try {
        return new Input(path.toString(), model, StoredBundle.read(path), null);
      } catch (MalformedBundleException e) {
        if (!Files.isRegularFile(path) || saysThatItIsABundle(path)) {
          throw new MalformedBundleException(path, e);
        }
        return new Input(path.toString(), model, null, e);
      }
    }

    private static boolean saysThatItIsABundle(Path path) throws IOException {
      try (InputStream in = Files.newInputStream(path)) {
        return saysThatItIsABundle(in.readNBytes(BEGINNING));
      }
    }

    private static boolean saysThatItIsABundle(byte[] beginning) {
      return new String(beginning, StandardCharsets.ISO_8859_1).contains(MEDIA_TYPE);
    }

    boolean isSignature() {
      return bundle != null;
    }

    void requireClear(Input other) throws IncomparableException {
      if (problem != null && !other.isSignature()) {
        throw unclear(problem, other.location() + " is no signature");
      }
    }

    /**
     * The name that stands for a model of a single file cannot be that of a file in a directory.
     */
    void requireNoDirectory(Input other, Manifest manifest) throws IncomparableException {
      if (problem == null && !manifest.resourcesOf(SINGLE_FILE).isEmpty()) {
        throw new IncomparableException(
            other.location()
                + " is a signature over a model that is one file, and "
                + location
                + " is a directory; name the file in it");
      }
    }

    void requireOneFile(Input other, Manifest manifest) throws IncomparableException {
      if (problem != null && manifest.fileCount() != 1) {
        throw unclear(
            problem, other.location() + " is one over " + manifest.fileCount() + " files");
      }
    }

    private IncomparableException unclear(MalformedBundleException why, String other) {
      return new IncomparableException(
          location
              + ": expected a directory or a signature, found a file that is neither ("
              + why.getMessage()
              + "); a model of one file can be compared with a signature over one file only, and "
              + other,
          why);
    }
  }

  /**
   * Determines what is at two paths.
   *
   * @throws IOException if one does not exist, or cannot be read
   * @throws MalformedBundleException if a file claims to be a bundle, and is malformed
   * @throws IncomparableException if it is ambiguous what a file is
   */
  public static ComparisonInputs at(Path before, Path after)
      throws IOException, MalformedBundleException, IncomparableException {
    return of(Side.at(before), Side.at(after));
  }

  /**
   * Compares inputs that need not be in a file system.
   *
   * @throws IncomparableException if it is ambiguous what a file is
   */
  public static ComparisonInputs of(Side before, Side after) throws IncomparableException {
    Input first = before.input;
    Input second = after.input;
    first.requireClear(second);
    second.requireClear(first);
    return new ComparisonInputs(first, second, null);
  }

  /** One of the two inputs of a comparison, of which it is known what it is. */
  public static final class Side {
    private final Input input;

    private Side(Input input) {
      this.input = input;
    }

    /**
     * Determines what is at a path.
     *
     * @throws IOException if it does not exist, or cannot be read
     * @throws MalformedBundleException if a file claims to be a bundle, and is malformed
     */
    public static Side at(Path path) throws IOException, MalformedBundleException {
      return new Side(Input.at(path));
    }

    /** A model with several files. */
    public static Side model(ModelSource model) {
      return new Side(new Input(model.location(), model, null, null));
    }

    /**
     * A single file, which is a signature, or a model.
     *
     * @param model reads it as a model
     * @param signature reads it as a signature
     * @param beginning its first bytes, at least 4 KiB if it has them
     * @throws IOException if it cannot be read
     * @throws MalformedBundleException if it claims to be a bundle, and is malformed
     */
    public static Side file(ModelSource model, BundleReader signature, byte[] beginning)
        throws IOException, MalformedBundleException {
      try {
        StoredBundle bundle = signature.read();
        return new Side(new Input(bundle.location(), model, bundle, null));
      } catch (MalformedBundleException e) {
        if (Input.saysThatItIsABundle(beginning)) {
          throw new MalformedBundleException(model.location() + ": " + e.getMessage(), e);
        }
        return new Side(new Input(model.location(), model, null, e));
      }
    }
  }

  /** Reads a file as a signature. */
  @FunctionalInterface
  public interface BundleReader {

    /**
     * Reads it.
     *
     * @throws MalformedBundleException if it is none
     */
    StoredBundle read() throws IOException, MalformedBundleException;
  }

  /**
   * Returns the same inputs, for a comparison that also determines which tensors changed in changed
   * files, if both are models. These files are read a second time for that.
   *
   * @param known the known formats of files with tensors
   */
  public ComparisonInputs withTensors(TensorFormats known) {
    return new ComparisonInputs(before, after, known);
  }

  /** Whether at least one is a signature, so that there is something to verify. */
  public boolean hasSignature() {
    return before.isSignature() || after.isSignature();
  }

  /** Whether at least one is a model, which will be read. */
  public boolean hasModel() {
    return !before.isSignature() || !after.isSignature();
  }

  /**
   * Compares the inputs without verifying signatures.
   *
   * @param hashing how models are read, and, if there is no signature, how they are hashed
   * @param keyless reads the claims of keyless bundles
   * @throws IOException if a model cannot be read, or contains something that cannot be signed
   * @throws MalformedBundleException if a signature is not over a model
   * @throws IncomparableException if signatures have digests of different kinds
   */
  public ModelComparison compare(ModelHasher.Builder hashing, KeylessClaims.Reader keyless)
      throws IOException, MalformedBundleException, IncomparableException {
    try {
      return run(
          hashing,
          stored -> {
            Inspection inspection = Inspection.of(stored, keyless);
            if (inspection.problem().isPresent()) {
              throw inspection.problem().get();
            }
            return ComparedSide.claimed(inspection, inspection.manifest().orElseThrow());
          });
    } catch (VerificationException e) {
      throw new IllegalStateException("nothing was verified", e);
    }
  }

  /**
   * Verifies each signature, then compares. Only the signer is verified; whether a model matches
   * its signature is the result of the comparison.
   *
   * @param hashing how models are read
   * @param verifier verifies the signatures
   * @throws IOException if a model cannot be read, or contains something that cannot be signed
   * @throws MalformedBundleException if a signature is not over a model
   * @throws VerificationException if a signature is not trusted
   * @throws IncomparableException if there is no signature, or they have digests of different kinds
   */
  public ModelComparison compareVerified(ModelHasher.Builder hashing, BundleVerifier verifier)
      throws IOException, MalformedBundleException, VerificationException, IncomparableException {
    if (!hasSignature()) {
      throw new IncomparableException("neither is a signature, so there is nothing to verify");
    }
    return run(
        hashing,
        stored -> {
          VerifiedPayload payload = verifier.verify(stored.bundle());
          Statement statement = Statement.read(payload);
          return ComparedSide.verified(stored, payload, statement, statement.manifest());
        });
  }

  /** Determines what a signature is over. */
  @FunctionalInterface
  private interface Reading {
    ComparedSide read(StoredBundle stored)
        throws IOException, MalformedBundleException, VerificationException;
  }

  private ModelComparison run(ModelHasher.Builder hashing, Reading reading)
      throws IOException, MalformedBundleException, VerificationException, IncomparableException {
    @Nullable ComparedSide first = read(before, reading);
    @Nullable ComparedSide second = read(after, reading);
    if (first != null && second != null) {
      return compared(first, second);
    }
    if (first != null) {
      return compared(first, hash(after, before, first, hashing));
    }
    if (second != null) {
      return compared(hash(before, after, second, hashing), second);
    }
    if (formats == null) {
      return compared(hash(before, hashing), hash(after, hashing));
    }
    ComparedTensors tensors = ComparedTensors.find(formats, before.model(), after.model(), hashing);
    ModelComparison comparison = compared(hash(before, hashing), hash(after, hashing));
    return comparison.withTensors(tensors.compare(comparison.files()));
  }

  private static @Nullable ComparedSide read(Input input, Reading reading)
      throws IOException, MalformedBundleException, VerificationException {
    if (input.bundle() == null) {
      return null;
    }
    try {
      return reading.read(input.bundle());
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(input.location() + ": " + e.getMessage(), e);
    } catch (VerificationException e) {
      throw new VerificationException(input.location(), e);
    }
  }

  /** Hashes a model with the parameters of a signature. */
  private static ComparedSide hash(
      Input model, Input signature, ComparedSide signed, ModelHasher.Builder hashing)
      throws IOException, IncomparableException {
    model.requireOneFile(signature, signed.manifest());
    model.requireNoDirectory(signature, signed.manifest());
    ModelHasher hasher = hashing.like(signed.manifest()).build();
    @Nullable Path file =
        Optional.ofNullable(signature.bundle()).flatMap(StoredBundle::file).orElse(null);
    return ComparedSide.of(model.model().location(), hasher.hash(model.model(), file));
  }

  private static ComparedSide hash(Input model, ModelHasher.Builder hashing) throws IOException {
    return ComparedSide.of(model.model().location(), hashing.build().hash(model.model()));
  }

  private static ModelComparison compared(ComparedSide before, ComparedSide after)
      throws IncomparableException {
    Optional<String> obstacle =
        ManifestComparison.obstacle(
            before.manifest().serialization(), after.manifest().serialization());
    if (obstacle.isPresent()) {
      throw new IncomparableException(
          before.location() + " and " + after.location() + ": " + obstacle.get());
    }
    return new ModelComparison(
        before, after, ManifestComparison.of(before.manifest(), after.manifest()));
  }
}
