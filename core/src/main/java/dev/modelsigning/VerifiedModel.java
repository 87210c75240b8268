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
 * A model that is what its signer signed. Having one is the proof: only {@link ModelVerifier} makes
 * it, after everything was verified: the signature, the statement and every listed file (OMS 8).
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

  /** Who signed it. */
  public SignerIdentity signer() {
    return payload.signer();
  }

  /**
   * The times at which certificates were validated, or at which the signature is known to have
   * existed, the earliest first; none where the method has none and the bundle no verified time
   * stamp.
   */
  public List<VerificationTime> times() {
    return payload.times();
  }

  /** What was signed. */
  public Statement statement() {
    return statement;
  }

  /** The files that were signed. */
  public Manifest manifest() {
    return content.manifest();
  }

  /**
   * The content of a signed file, as it was hashed: it is read once, into memory, hashed there and
   * compared with what was signed. What is at its path by now, or later, does not matter.
   *
   * @param name its path in the model, as the manifest has it
   * @return all of it, up to 2 GB less 8 bytes
   * @throws IllegalArgumentException if no such file was signed
   * @throws IOException if it cannot be read, or is larger
   * @throws ModelMismatchException if it is not what was signed, by now
   */
  public byte[] readAllBytes(String name) throws IOException, ModelMismatchException {
    return signedFiles.readAllBytes(name);
  }

  /**
   * Opens a signed file. No byte comes out of the channel that was not proved before to be the one
   * that was signed: where the signature has digests of shards of up to 64 MiB, shard by shard;
   * else all of the file, in memory up to 64 MiB, and in a private copy in the directory for
   * temporary files beyond that.
   *
   * @param name its path in the model, as the manifest has it
   * @return a channel to read from. Of shards, reading fails with an {@link java.io.IOException}
   *     where one is another by now
   * @throws IllegalArgumentException if no such file was signed
   * @throws IOException if it cannot be read or copied
   * @throws ModelMismatchException if it is not what was signed, by now
   */
  public SeekableByteChannel open(String name) throws IOException, ModelMismatchException {
    return signedFiles.open(name);
  }

  /**
   * Copies the signed files, or those that were selected, into a new directory, for loaders that
   * want paths. They are written from the very buffers that are hashed; what is not signed is not
   * copied, nor are modes, links, attributes and times. The directory appears complete or not at
   * all, also if the program is killed (empty, if that happens while it gets its name; and a power
   * failure may leave less), and can be entered by its owner only.
   *
   * @param directory the directory, where nothing is. The one above it exists, and nobody but the
   *     user and root can write to it or to those above it, unless they are sticky
   * @throws IOException if that is not so, or the model cannot be read or the copy not be written
   * @throws ModelMismatchException if the model is not what was signed, by now
   */
  public void copyTo(Path directory) throws IOException, ModelMismatchException {
    content.copyTo(directory, result -> {});
  }

  /** Number of files that were hashed and found unchanged. */
  public long files() {
    return result.files();
  }

  /** Their length in bytes, together. */
  public long bytes() {
    return result.bytes();
  }

  /**
   * Whether only a part of the model was hashed, as {@link ModelVerifier.Builder#only} asked for.
   * What of it is read or opened through this object is proved when it is read, all the same.
   */
  public boolean isPartial() {
    return result.isPartial();
  }

  /**
   * The files that were signed, are there and were not hashed, in code point order; none unless the
   * model is {@linkplain #isPartial() verified in part}. What is in them is not known.
   */
  public List<String> left() {
    return result.left();
  }

  /**
   * What is in the model's directory and not covered by the signature, and by whose rule that is no
   * failure.
   */
  public List<UncoveredEntry> uncovered() {
    return result.uncovered();
  }

  /**
   * What was found in the files, if somebody was to {@linkplain ModelVerifier.Builder#inspector
   * look into them}: what can run when the model is loaded, what its card states.
   */
  public Optional<ContentFacts> contents() {
    return result.contents();
  }

  /** What a reader of the verdict should know. */
  public List<Finding> findings() {
    return findings;
  }
}
