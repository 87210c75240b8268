package dev.modelsigning;

import dev.modelsigning.internal.copy.VerifiedCopy;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.part.SelectedFiles;
import dev.modelsigning.local.LocalDigester;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ManifestDiff.Changed;
import dev.modelsigning.manifest.ManifestVerification;
import dev.modelsigning.manifest.ManifestVerification.Policy;
import dev.modelsigning.manifest.ManifestVerification.Result;
import dev.modelsigning.manifest.ResourceDescriptor;
import dev.modelsigning.model.Digest;
import dev.modelsigning.model.HashAlgorithm;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.HashProgress;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.signing.VerificationException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A model together with the files that were signed: compares, copies and reads them. All bytes that
 * it returns have been checked against the signed digests.
 */
final class SignedContent {

  private final ModelSource model;
  private final @Nullable Path signature;
  private final Manifest manifest;
  private final Policy policy;

  SignedContent(ModelSource model, @Nullable Path signature, Manifest manifest, Policy policy) {
    this.model = model;
    this.signature = signature;
    this.manifest = manifest;
    this.policy = policy;
  }

  /**
   * Returns the same content, of which only some files are hashed and copied.
   *
   * @param paths paths in the model, which may be indexes; these are read after verification
   * @throws IOException if an index cannot be read
   * @throws ModelMismatchException if an index differs from the one that was signed
   * @throws VerificationException if no signed file has such a path, or it stands for parts that
   *     are incomplete
   */
  SignedContent only(Set<String> paths) throws IOException, VerificationException {
    SignedFiles files = new SignedFiles(this);
    Set<String> selected =
        SelectedFiles.of(
            paths,
            manifest,
            model.name(),
            (path, most) ->
                files.readAllBytes(
                    path, most, "is too large for an index: expected at most " + most + " bytes"));
    return new SignedContent(model, signature, manifest, policy.only(selected));
  }

  /**
   * Returns the same content, of which only these files are hashed, without the parts that indexes
   * among them name.
   */
  SignedContent named(Set<String> paths) {
    Set<String> named = paths.contains(SelectedFiles.ALL) ? Set.of() : paths;
    return new SignedContent(model, signature, manifest, policy.only(named));
  }

  Manifest manifest() {
    return manifest;
  }

  Result compare() throws IOException {
    return ManifestVerification.verify(model, signature, manifest, policy);
  }

  void requireSame(Result result) throws ModelMismatchException {
    if (!result.diff().isEmpty()) {
      throw new ModelMismatchException(describe(result), result.diff());
    }
  }

  /**
   * Copies the model.
   *
   * @param directory the directory to create
   * @param compared receives the comparison before the copy is refused or published
   */
  void copyTo(Path directory, Consumer<Result> compared)
      throws IOException, ModelMismatchException {
    try (VerifiedCopy copy = VerifiedCopy.begin(model, directory)) {
      Result result = ManifestVerification.verify(copy.source(), signature, manifest, policy);
      compared.accept(result);
      requireSame(result);
      copy.publish();
    }
  }

  /** The files that were signed, by their names in the manifest, without those that are missing. */
  Map<String, ModelFile> locate() throws IOException {
    return ManifestVerification.locate(model, signature, manifest, policy);
  }

  /**
   * Reads a file and requires that it matches what was signed.
   *
   * @param name its name in the manifest
   * @param file the file to read
   * @param parts the signed digests that cover the file
   */
  void prove(String name, ModelFile file, List<ResourceDescriptor> parts, OptionalLong shardSize)
      throws IOException, ModelMismatchException {
    HashAlgorithm algorithm = manifest.serialization().hashAlgorithm();
    Hashing how =
        new Hashing(algorithm, shardSize, policy.reading().parallelism(), HashProgress.NONE);
    if (how.digests(file.size()) != parts.size()) {
      throw changed(name, parts.size() + " digests", file.size() + " bytes");
    }
    List<byte[]> found = new ArrayList<>();
    LocalDigester.INSTANCE.digest(
        List.of(file),
        how,
        outcome -> {
          if (outcome instanceof Hashed hashed) {
            found.addAll(hashed.digests());
          }
        });
    for (int i = 0; i < parts.size(); i++) {
      Digest expected = parts.get(i).digest();
      Digest digest = Digest.of(algorithm, found.get(i));
      if (!digest.equals(expected)) {
        throw changed(parts.get(i).name(), expected.toString(), digest.toString());
      }
    }
  }

  ModelMismatchException changed(String name, String expected, String found) {
    ManifestDiff diff =
        new ManifestDiff(
            List.of(new Changed(name, name, expected, found, Optional.empty())),
            List.of(),
            List.of());
    return new ModelMismatchException(
        Printable.quote(name)
            + " is not what was signed: expected "
            + expected
            + ", found "
            + found
            + " (OMS 8.4)",
        diff);
  }

  ModelMismatchException missing(String name) {
    return new ModelMismatchException(
        Printable.quote(name) + " was signed and is not there (OMS 8.4)",
        new ManifestDiff(List.of(), List.of(name), List.of()));
  }

  private String describe(Result result) {
    ManifestDiff diff = result.diff();
    List<String> parts = new ArrayList<>();
    count(diff.changed().size(), "changed", parts);
    count(diff.missing().size(), "missing", parts);
    count(diff.extra().size(), "not signed", parts);
    return "the model "
        + model.location()
        + " is not the one that was signed: "
        + String.join(", ", parts)
        + (result.isPartial()
            ? "; " + result.files() + " of " + manifest.fileCount() + " files were hashed"
            : "")
        + " (OMS 8.4)";
  }

  private static void count(int number, String what, List<String> parts) {
    if (number > 0) {
      parts.add(number + " " + what);
    }
  }
}
