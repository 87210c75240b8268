package dev.modelsigning.manifest;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.local.LocalDigester;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.Evidence;
import dev.modelsigning.model.HashOutcome;
import dev.modelsigning.model.HashOutcome.Failed;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.Hashing;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.ModelSource;
import dev.modelsigning.model.Selection;
import dev.modelsigning.model.UncoveredEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Has a model listed and hashed, for signing and for verifying, from any source. It believes no
 * source and no digester more than it has to: names, digests and how they were come by are checked
 * here, once for all, and every file that is wanted has to be accounted for.
 */
final class ContentReader implements Listing {

  /** Failures that are told with the first one. */
  private static final int MAX_FAILURES = 100;

  private final ModelSource source;
  private final Selection selection;
  private final Reading reading;
  private final Hashing hashing;
  private final ModelSink sink;

  // All guarded by this.
  private final Map<Evidence, Long> taken = new EnumMap<>(Evidence.class);
  private final Set<String> leftOut = new HashSet<>();
  private List<ModelFile> batch = new ArrayList<>();
  private final List<IOException> failures = new ArrayList<>();
  private long failed;
  private long wanted;
  private long hashed;
  private boolean single;

  ContentReader(
      ModelSource source, Selection selection, Reading reading, Hashing hashing, ModelSink sink) {
    this.source = source;
    this.selection = selection;
    this.reading = reading;
    this.hashing = hashing;
    this.sink = sink;
  }

  /**
   * Reads the model.
   *
   * @throws IOException if it cannot be listed or read, or changes meanwhile
   */
  void read() throws IOException {
    hashing.progress().started(0, 0);
    try {
      boolean local = reading.digester() instanceof LocalDigester;
      source.list(selection, local ? Optional.of(hashing) : Optional.empty(), this);
      digest(rest());
    } finally {
      hashing.progress().ended();
    }
    requireComplete();
    tellEvidence();
  }

  @Override
  public synchronized void singleFile() {
    single = true;
  }

  @Override
  public boolean wants(ModelFile file) throws IOException {
    if (isSingle()) {
      sink.singleFile(file.name());
    } else if (!isCovered(file)) {
      return false;
    }
    if (!sink.wants(file)) {
      return false;
    }
    if (hashing.digests(file.size()) > Integer.MAX_VALUE - 8) {
      throw failure(file, "has more shards than can be listed; choose a larger shard size");
    }
    hashing.progress().found(1, file.size());
    synchronized (this) {
      wanted++;
    }
    return true;
  }

  /** Whether the model is a single file; known when it was read. */
  synchronized boolean isSingle() {
    return single;
  }

  /** Whether a file has a name that can be signed, and no rule leaves it out. */
  private boolean isCovered(ModelFile file) {
    byte[] name = file.utf8Name();
    if (CanonicalPath.problem(name, name.length) != null) {
      irregular(
          IrregularEntry.of(
              Printable.escape(file.name()), file.location(), EntryKind.UNREPRESENTABLE_NAME));
      return false;
    }
    Optional<UncoveredEntry> entry =
        selection.hasRules() ? selection.leftOut(file.name(), EntryKind.FILE) : Optional.empty();
    entry.ifPresent(this::leftOut);
    return entry.isEmpty();
  }

  @Override
  public void file(ModelFile file) throws IOException {
    List<ModelFile> full;
    synchronized (this) {
      batch.add(file);
      if (batch.size() < reading.digester().batchSize()) {
        return;
      }
      full = rest();
    }
    digest(full);
  }

  private synchronized List<ModelFile> rest() {
    List<ModelFile> rest = batch;
    batch = new ArrayList<>();
    return rest;
  }

  private void digest(Collection<ModelFile> files) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    Batch given = new Batch(files);
    try {
      reading.digester().digest(files, hashing, given::take);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    given.requireEmpty();
  }

  /** Files that a digester was given and has not told of yet. */
  private final class Batch {
    private final Set<ModelFile> files = Collections.newSetFromMap(new IdentityHashMap<>());

    Batch(Collection<ModelFile> files) {
      this.files.addAll(files);
    }

    void take(HashOutcome outcome) {
      try {
        synchronized (this) {
          if (!files.remove(outcome.file())) {
            throw failure(outcome.file(), "its digest was told twice, or not asked for");
          }
        }
        if (outcome instanceof Hashed digests) {
          hashed(digests);
        } else {
          failed(((Failed) outcome).failure());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    synchronized void requireEmpty() throws IOException {
      if (!files.isEmpty()) {
        throw failure(files.iterator().next(), "was not hashed by the one who was to");
      }
    }
  }

  private synchronized void failed(IOException failure) {
    failed++;
    if (failures.size() < MAX_FAILURES) {
      failures.add(failure);
    }
  }

  @Override
  public void hashed(Hashed outcome) throws IOException {
    ModelFile file = outcome.file();
    Evidence evidence = outcome.evidence();
    if (!reading.evidence().contains(evidence)) {
      throw failure(
          file,
          "its digest was not read but is "
              + evidence
              + ", which was not asked for: read the file, or accept such digests");
    }
    List<byte[]> digests = outcome.digests();
    long expected = hashing.digests(file.size());
    if (digests.size() != expected) {
      throw failure(file, "expected " + expected + " digests, found " + digests.size());
    }
    for (byte[] digest : digests) {
      int length = hashing.algorithm().digestLength();
      if (digest.length != length) {
        throw failure(file, "expected " + length + " bytes of a digest, found " + digest.length);
      }
    }
    sink.hashed(outcome);
    synchronized (this) {
      hashed++;
      if (evidence != Evidence.READ) {
        taken.merge(evidence, 1L, Long::sum);
      }
    }
  }

  private static FileSystemException failure(ModelFile file, String why) {
    return new FileSystemException(file.location(), null, why);
  }

  @Override
  public void leftOut(UncoveredEntry entry) {
    synchronized (this) {
      // A source without directories tells one for each file that is below it.
      if (entry.kind() == EntryKind.DIRECTORY && !leftOut.add(entry.name())) {
        return;
      }
    }
    sink.ignored(entry);
  }

  @Override
  public void irregular(IrregularEntry entry) {
    Optional<UncoveredEntry> byRule = selection.leftOut(entry.name(), entry.kind());
    if (byRule.isPresent()) {
      leftOut(byRule.get());
    } else {
      sink.irregular(entry);
    }
  }

  @Override
  public void finding(Finding finding) {
    sink.finding(finding);
  }

  private synchronized void requireComplete() throws IOException {
    if (failed > 0) {
      IOException first = failures.get(0);
      failures.stream().skip(1).forEach(first::addSuppressed);
      if (failed == 1) {
        throw first;
      }
      FileSystemException all =
          new FileSystemException(
              source.location(),
              null,
              failed + " files cannot be read; the first: " + first.getMessage());
      all.initCause(first);
      throw all;
    }
    if (hashed != wanted) {
      throw new FileSystemException(
          source.location(),
          null,
          "expected the digests of " + wanted + " files, found those of " + hashed);
    }
  }

  private synchronized void tellEvidence() {
    taken.forEach((evidence, files) ->
        sink.finding(
            Finding.of(
                Rules.DIGESTS_NOT_READ,
                files
                    + (files == 1 ? " digest was" : " digests were")
                    + " taken without reading the file: "
                    + evidence)));
  }
}
