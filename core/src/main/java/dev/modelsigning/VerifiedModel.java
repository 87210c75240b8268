package dev.modelsigning;

import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ManifestVerification.Result;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.signing.SignerIdentity;
import dev.modelsigning.signing.VerificationTime;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model that was verified to be what its signer signed. An instance is the proof: only {@link
 * ModelVerifier} creates one, after it has verified the signature, the statement and every listed
 * file (OMS 8).
 */
public final class VerifiedModel {

  private final ModelSource model;
  private final VerifiedPayload payload;
  private final Statement statement;
  private final SignedContent content;
  private final SignedFiles signedFiles;
  private final Result result;
  private final List<Finding> findings;

  VerifiedModel(
      ModelSource model,
      VerifiedPayload payload,
      Statement statement,
      SignedContent content,
      Result result,
      List<Finding> findings) {
    this.model = model;
    this.payload = payload;
    this.statement = statement;
    this.content = content;
    this.signedFiles = new SignedFiles(content);
    this.result = result;
    this.findings = List.copyOf(findings);
  }

  /** Where the model is. */
  public ModelSource model() {
    return model;
  }

  /** The verified signer. */
  public SignerIdentity signer() {
    return payload.signer();
  }

  /**
   * The times at which certificates were validated, or at which the signature is known to have
   * existed, the earliest first; empty if the method has no such times and the bundle has no
   * verified time stamp.
   */
  public List<VerificationTime> times() {
    return payload.times();
  }

  /** The signed statement. */
  public Statement statement() {
    return statement;
  }

  /** The signed manifest. */
  public Manifest manifest() {
    return content.manifest();
  }

  /**
   * Reads a signed file. It is read once into memory, and these bytes are hashed and compared with
   * the signed digests, so later changes to the file have no effect on what is returned.
   *
   * @param name its path in the model, as it stands in the manifest
   * @return all of it, up to 2 GB less 8 bytes
   * @throws IllegalArgumentException if no file with this name was signed
   * @throws IOException if it cannot be read, or is larger
   * @throws ModelMismatchException if it no longer matches what was signed
   */
  public byte[] readAllBytes(String name) throws IOException, ModelMismatchException {
    return signedFiles.readAllBytes(name);
  }

  /**
   * Opens a signed file. The channel returns no byte before it was checked against the signed
   * digests. With digests of shards of up to 64 MiB, each shard is checked when it is read.
   * Otherwise the whole file is checked first: in memory if it has up to 64 MiB, and in a private
   * copy in the directory for temporary files if it is larger.
   *
   * @param name its path in the model, as it stands in the manifest
   * @return a channel to read from. With shards, a read fails with an {@link java.io.IOException}
   *     if the shard no longer matches
   * @throws IllegalArgumentException if no file with this name was signed
   * @throws IOException if it cannot be read or copied
   * @throws ModelMismatchException if it no longer matches what was signed
   */
  public SeekableByteChannel open(String name) throws IOException, ModelMismatchException {
    return signedFiles.open(name);
  }

  /**
   * Copies the signed files, or those that were selected, into a new directory, for loaders that
   * require paths. The copies are written from the buffers that are hashed. Unsigned files, modes,
   * links, attributes and times are not copied. The directory appears complete or not at all, even
   * if the program is killed; but it may be empty if that happens during the final rename, and
   * incomplete after a power failure. Only its owner may enter it.
   *
   * @param directory the directory to create, which must not exist. Its parent must exist, and only
   *     the user and root may have write permission for the parent and the directories above,
   *     unless they have the sticky bit
   * @throws IOException if these conditions are not met, the model cannot be read, or the copy
   *     cannot be written
   * @throws ModelMismatchException if the model no longer matches what was signed
   */
  public void copyTo(Path directory) throws IOException, ModelMismatchException {
    content.copyTo(directory, result -> {});
  }

  /** The number of files that were hashed and found unchanged. */
  public long files() {
    return result.files();
  }

  /** The total length of these files in bytes. */
  public long bytes() {
    return result.bytes();
  }

  /**
   * Whether only a part of the model was hashed, as {@link ModelVerifier.Builder#only} asked for.
   * Files that are read or opened through this object are nevertheless verified when they are read.
   */
  public boolean isPartial() {
    return result.isPartial();
  }

  /**
   * The signed files that exist and were not hashed, in code point order; empty unless the model
   * was {@linkplain #isPartial() verified in part}. Their content is unknown.
   */
  public List<String> left() {
    return result.left();
  }

  /**
   * The entries of the model's directory that the signature does not cover, with the rule that
   * allows each.
   */
  public List<UncoveredEntry> uncovered() {
    return result.uncovered();
  }

  /**
   * What the {@linkplain ModelVerifier.Builder#inspector inspector} found in the files: content
   * that can run when the model is loaded, and what the model card states. Empty if there was no
   * inspector.
   */
  public Optional<ContentFacts> contents() {
    return result.contents();
  }

  /** Findings for readers of the verdict. */
  public List<Finding> findings() {
    return findings;
  }
}
