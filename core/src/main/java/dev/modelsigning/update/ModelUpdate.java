package dev.modelsigning.update;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.MalformedBundleException;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.bundle.StoredBundle;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.manifest.ModelHasher;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.signing.BundleVerifier;
import dev.modelsigning.signing.SignedPayload;
import dev.modelsigning.signing.VerificationException;
import dev.modelsigning.signing.VerifiedPayload;
import dev.modelsigning.statement.Statement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Signs a model again, reading only what has changed since its last signature. It is for signers
 * alone; a verifier reads everything.
 *
 * <p>Digests come from the earlier signature and from nowhere else, after it was verified. They are
 * used for files of which the {@linkplain UpdateRecords record} of the last run proves that they
 * are unchanged: the same name, identity, size, modification time and change time. Whoever can
 * write the record can at most have old digests signed again, which do not verify.
 *
 * <pre>{@code
 * UpdateRecords records = UpdateRecords.ofUser(System.getenv());
 * ModelHasher hasher = ModelHasher.withDefaults();
 * KeyVerifier trust = KeyVerifier.load(Path.of("key.pub"));
 * ModelUpdate update = ModelUpdate.since(model, signature, records, hasher, trust);
 * SignedModel signed =
 *     ModelSigner.using(KeySigner.load(Path.of("key.pem")))
 *         .withHasher(update.hasher())
 *         .sign(update.source(), signature);
 * update.finish(signed.signature());
 * }</pre>
 */
public final class ModelUpdate {

  private final Path model;
  private final Path signature;
  private final UpdateRecords records;
  private final ModelHasher hasher;
  private final UpdatingSource source;
  private final Basis basis;

  private ModelUpdate(
      Path model, Path signature, UpdateRecords records, ModelHasher hasher, Basis basis) {
    this.model = model;
    this.signature = signature;
    this.records = records;
    this.hasher = hasher;
    this.basis = basis;
    this.source = new UpdatingSource(DirectorySource.of(model), basis.earlier(), Instant.now());
  }

  /**
   * What a run starts from.
   *
   * @param earlier what is known of the last run, if it can be used
   * @param why why it cannot be used; empty if it can
   * @param suspect whether the reason is one that nobody expects
   */
  private record Basis(Optional<UpdatingSource.Earlier> earlier, String why, boolean suspect) {

    static Basis none(String why) {
      return new Basis(Optional.empty(), why, false);
    }
  }

  /**
   * Prepares to read all of a model, and to record what is found for the next run.
   *
   * @param model its directory
   * @param signature the file for its signature; what is there is not read
   * @param records where the record is kept
   * @param hasher how the model is hashed
   * @param why why all is read, as it follows "all files were read, as "
   */
  public static ModelUpdate ofAll(
      Path model, Path signature, UpdateRecords records, ModelHasher hasher, String why) {
    return new ModelUpdate(model, signature, records, hasher, Basis.none(why));
  }

  /**
   * Prepares to read what has changed since a signature; or everything, if the record of the last
   * run cannot be used.
   *
   * @param model its directory
   * @param signature the file with its signature, which will be replaced
   * @param records where the record is kept
   * @param hasher how the model is hashed
   * @param trust decides who must have made that signature
   * @throws IOException if the signature or the directory cannot be read
   * @throws MalformedBundleException if that signature is none of a model
   * @throws VerificationException if it is not trusted
   */
  public static ModelUpdate since(
      Path model, Path signature, UpdateRecords records, ModelHasher hasher, BundleVerifier trust)
      throws IOException, MalformedBundleException, VerificationException {
    return new ModelUpdate(
        model, signature, records, hasher, basis(model, signature, records, hasher, trust));
  }

  private static Basis basis(
      Path model, Path signature, UpdateRecords records, ModelHasher hasher, BundleVerifier trust)
      throws IOException, MalformedBundleException, VerificationException {
    // First of all, and whether it is needed or not: a signature by somebody else is not replaced.
    VerifiedPayload verified = verify(signature, trust);
    Manifest manifest = manifest(signature, verified);
    UpdateRecords.Found found = records.find(model, signature);
    if (found.record().isEmpty()) {
      return new Basis(Optional.empty(), found.why(), found.suspect());
    }
    UpdateRecord record = found.record().get();
    if (!record.payload().equals(hash(verified.payload()))) {
      return Basis.none("the signature is not the one that the last run wrote");
    }
    if (!hasher.makesDigestsOf(manifest.serialization())) {
      return Basis.none("the last run used another hash algorithm or shard size");
    }
    return new Basis(Optional.of(new UpdatingSource.Earlier(manifest, record)), "", false);
  }

  private static VerifiedPayload verify(Path signature, BundleVerifier trust)
      throws IOException, MalformedBundleException, VerificationException {
    StoredBundle stored;
    try {
      stored = StoredBundle.read(signature);
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(signature, e);
    }
    try {
      return trust.verify(stored.bundle());
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(signature, e);
    } catch (VerificationException e) {
      throw new VerificationException(signature.toString(), e);
    }
  }

  private static Manifest manifest(Path signature, VerifiedPayload verified)
      throws MalformedBundleException {
    try {
      return Statement.read(verified).manifest();
    } catch (MalformedBundleException e) {
      throw new MalformedBundleException(signature, e);
    }
  }

  private static Bytes hash(Payload payload) {
    return Bytes.of(payload.content().digest(UpdateRecord.sha256()));
  }

  /** The model, whose unchanged files are not read. It can be used once. */
  public ModelSource source() {
    return source;
  }

  /** The hasher, which accepts the digests of the earlier signature. */
  public ModelHasher hasher() {
    return hasher.accept(Evidence.EARLIER_SIGNATURE);
  }

  /** Why files are read that may be unchanged; empty if there are none. Known after signing. */
  public String whyRead() {
    if (!basis.why().isEmpty() || source.untold() == 0) {
      return basis.why();
    }
    return "for "
        + source.untold()
        + " of them nothing tells whether they have changed (links, or the file system)";
  }

  /** The number of files that were read so far. */
  public long read() {
    return source.read();
  }

  /** The number of files that were not read so far, because they are unchanged. */
  public long notRead() {
    return source.notRead();
  }

  /**
   * Records what was found, for the next run. Called after the signature was written, so it does
   * not fail: without a record, the next run reads all files.
   *
   * @param signed the signature that was written
   * @return findings for the signer
   * @throws IllegalStateException if the {@linkplain #source source} was not signed
   */
  public List<Finding> finish(SignedPayload signed) {
    if (!source.isListed()) {
      throw new IllegalStateException("nothing was signed");
    }
    List<Finding> findings = new ArrayList<>();
    if (basis.suspect()) {
      findings.add(Finding.of(Rules.UPDATE_RECORD_NOT_USED, basis.why() + "; all files were read"));
    }
    try {
      Bytes payload = hash(signed.bundle().envelope().payload());
      records.write(model, signature, UpdateRecord.of(payload, source.proofs()));
    } catch (IOException | RuntimeException e) {
      // The signature is written already, and good.
      findings.add(
          Finding.of(
              Rules.UPDATE_RECORD_NOT_USED,
              "the record for the next run cannot be written, so it will read all files: "
                  + (e instanceof IOException ? e.getMessage() : e.toString())));
    }
    return findings;
  }
}
