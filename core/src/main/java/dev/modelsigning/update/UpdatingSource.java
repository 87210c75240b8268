package dev.modelsigning.update;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.table.DigestTable;
import dev.modelsigning.manifest.Manifest;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.StoredVersion;
import dev.modelsigning.model.UncoveredEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * A model whose unchanged files have the digests of an earlier signature. It is listed once, by
 * several threads.
 */
final class UpdatingSource implements ModelSource {

  private static final int PROOF_SIZE = 32;

  private final ModelSource source;
  private final Optional<Earlier> earlier;
  private final Instant begun;
  private final LongAdder read = new LongAdder();
  private final LongAdder notRead = new LongAdder();
  private final LongAdder untold = new LongAdder();
  private final AtomicBoolean listed = new AtomicBoolean();
  private final DigestTable proofs = new DigestTable(PROOF_SIZE); // guarded by itself

  /**
   * What is known of the last run.
   *
   * @param manifest the digests, of a verified signature
   * @param record proves which files are unchanged since then
   */
  record Earlier(Manifest manifest, UpdateRecord record) {

    /** The digests of a file; none if it has to be read. */
    List<byte[]> digests(ModelFile file, byte[] proof) {
      return record.has(proof) ? manifest.digestsOf(file.utf8Name()) : List.of();
    }
  }

  /**
   * Creates a source.
   *
   * @param source the model
   * @param earlier what is known of the last run, if it can be used
   * @param begun when this run began; a file that was changed about then or later is read again by
   *     the next run
   */
  UpdatingSource(ModelSource source, Optional<Earlier> earlier, Instant begun) {
    this.source = source;
    this.earlier = earlier;
    this.begun = begun;
  }

  /** The number of files that were read. */
  long read() {
    return read.sum();
  }

  /** The number of files that were not read. */
  long notRead() {
    return notRead.sum();
  }

  /** The number of files that were read as their store cannot tell whether they have changed. */
  long untold() {
    return untold.sum();
  }

  /** Whether it was listed. */
  boolean isListed() {
    return listed.get();
  }

  /** The proofs for the next run. */
  DigestTable proofs() {
    synchronized (proofs) {
      return proofs;
    }
  }

  @Override
  public String name() throws IOException {
    return source.name();
  }

  @Override
  public String location() {
    return source.location();
  }

  @Override
  public Optional<String> nameOf(Path file) throws IOException {
    return source.nameOf(file);
  }

  @Override
  public void list(Selection selection, Optional<Hashing> hashing, Listing listing)
      throws IOException {
    if (listed.getAndSet(true)) {
      throw new IllegalStateException("an update can be used once");
    }
    if (earlier.isPresent()
        && hashing.isPresent()
        && !earlier.get().manifest().serialization().isHashedBy(hashing.get())) {
      throw new IllegalArgumentException("the model is hashed by another hasher than the update's");
    }
    source.list(selection, hashing, new Updating(listing));
  }

  /** Answers for unchanged files itself, so that the source does not hash them. */
  private final class Updating implements Listing {
    private final Listing listing;

    Updating(Listing listing) {
      this.listing = listing;
    }

    @Override
    public boolean wants(ModelFile file) throws IOException {
      if (!listing.wants(file)) {
        return false;
      }
      // Before it is read: if it is changed after this, the next run finds another version.
      Optional<StoredVersion> version = file.storedVersion();
      List<byte[]> digests = List.of();
      if (version.isEmpty()) {
        untold.increment();
      } else {
        byte[] proof = UpdateRecord.proof(file.utf8Name(), version.get());
        if (version.get().isSettled(begun)) {
          synchronized (proofs) {
            proofs.add(proof);
          }
        }
        digests = earlier.map(it -> it.digests(file, proof)).orElse(List.of());
      }
      if (digests.isEmpty()) {
        read.increment();
        return true;
      }
      listing.hashed(new Hashed(file, digests, Evidence.EARLIER_SIGNATURE));
      notRead.increment();
      return false;
    }

    @Override
    public void singleFile() {
      listing.singleFile();
    }

    @Override
    public void file(ModelFile file) throws IOException {
      listing.file(file);
    }

    @Override
    public void hashed(Hashed outcome) throws IOException {
      listing.hashed(outcome);
    }

    @Override
    public void leftOut(UncoveredEntry entry) {
      listing.leftOut(entry);
    }

    @Override
    public void irregular(IrregularEntry entry) {
      listing.irregular(entry);
    }

    @Override
    public void finding(Finding finding) {
      listing.finding(finding);
    }
  }
}
