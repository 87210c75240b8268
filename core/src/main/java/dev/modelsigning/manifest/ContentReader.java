package dev.modelsigning.manifest;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.local.DirectorySource;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Lists and hashes a model from any source, for signing and for verification. It trusts sources and
 * digesters as little as possible: names, digests and the evidence for them are checked here, in
 * one place, and every requested file must be accounted for.
 */
final class ContentReader implements Listing {

  /** The largest number of further failures that are reported with the first one. */
  private static final int MAX_FAILURES = 100;

  /** Longer than any file, and small enough that sums of two such numbers do not overflow. */
  private static final long MAX_SIZE = 1L << 62;

  private final ModelSource source;
  private final Selection selection;
  private final Reading reading;
  private final Hashing hashing;
  private final ModelSink sink;
  private final boolean own;

  // All guarded by this.
  private final Map<Evidence, Long> taken = new EnumMap<>(Evidence.class);
  private final Set<String> leftOut = new HashSet<>();
  private final Set<ModelFile> pending = identitySet();
  private List<ModelFile> batch = new ArrayList<>();
  private final List<IOException> failures = new ArrayList<>();
  private long failed;
  private boolean handedOut;

  // Read for each file, so without a lock for which all threads would wait.
  private volatile boolean single;
  private volatile boolean found;
  private final LongAdder wanted = new LongAdder();
  private final LongAdder accounted = new LongAdder();
  private @Nullable Exception broken;

  ContentReader(
      ModelSource source, Selection selection, Reading reading, Hashing hashing, ModelSink sink) {
    this.source = source;
    this.selection = selection;
    this.reading = reading;
    this.hashing = hashing;
    this.sink = sink;
    this.own = source instanceof DirectorySource;
  }

  /**
   * Reads the model.
   *
   * @throws IOException if it cannot be listed or read, or changes while it is read
   */
  void read() throws IOException {
    hashing.progress().started(0, 0);
    try {
      boolean local = reading.digester() instanceof LocalDigester;
      source.list(selection, local ? Optional.of(hashing) : Optional.empty(), this);
      digest(rest());
    } catch (UncheckedIOException e) {
      throw e.getCause(); // the exception of iterators over pages of a listing
    } finally {
      hashing.progress().ended();
    }
    requireNotBroken();
    requireComplete();
    tellEvidence();
  }

  private static <T> Set<T> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** A digester that skips failing files one by one must not produce a verdict for the others. */
  private synchronized void remember(Exception failure) {
    if (broken == null) {
      broken = failure;
    }
  }

  private synchronized void requireNotBroken() throws IOException {
    if (broken instanceof IOException e) {
      throw e;
    } else if (broken instanceof RuntimeException e) {
      throw e;
    }
  }

  @Override
  public synchronized void singleFile() {
    if (single || found) {
      remember(
          new FileSystemException(
              source.location(), null, "was said to be a single file after files were found"));
    }
    single = true;
  }

  @Override
  public boolean wants(ModelFile file) throws IOException {
    try {
      return judge(file);
    } catch (IOException | RuntimeException e) {
      remember(e);
      throw e;
    }
  }

  private boolean judge(ModelFile file) throws IOException {
    long size = file.size();
    if (size < 0 || size > MAX_SIZE) {
      throw failure(file, "expected a size from 0 to 2^62 bytes, found " + size);
    }
    if (!found) {
      found = true;
    }
    if (single) {
      requireOnly(file);
      sink.singleFile(file.name());
    } else if (!isCovered(file)) {
      return false;
    }
    if (!sink.wants(file)) {
      return false;
    }
    wanted.increment();
    if (!own) {
      synchronized (this) {
        pending.add(file);
      }
    }
    if (hashing.digests(size) > Integer.MAX_VALUE - 8) {
      throw failure(file, "has more shards than can be listed; choose a larger shard size");
    }
    hashing.progress().found(1, size);
    return true;
  }

  private synchronized void requireOnly(ModelFile file) throws IOException {
    if (handedOut) {
      throw failure(file, "was found besides the model, which was said to be a single file");
    }
    handedOut = true;
  }

  /** Whether the model is a single file; known when it was read. */
  boolean isSingle() {
    return single;
  }

  /** Whether a file has a valid name, and no rule leaves it out. */
  private boolean isCovered(ModelFile file) {
    String name = file.name();
    byte[] bytes = file.utf8Name();
    boolean canonical = CanonicalPath.problem(bytes, bytes.length) == null;
    // A source with two names for a file could be checked by one name and listed by the other.
    boolean utf8 = own || isOneName(name, bytes);
    if (!canonical || !utf8) {
      EntryKind kind = utf8 ? EntryKind.NAME_NOT_CANONICAL : EntryKind.UNREPRESENTABLE_NAME;
      irregular(IrregularEntry.of(Printable.escape(name), file.location(), kind));
      return false;
    }
    Optional<UncoveredEntry> entry =
        selection.hasRules() ? selection.leftOut(name, EntryKind.FILE) : Optional.empty();
    entry.ifPresent(this::leftOut);
    return entry.isEmpty();
  }

  private static boolean isOneName(String name, byte[] bytes) {
    return Arrays.equals(bytes, name.getBytes(StandardCharsets.UTF_8))
        && name.equals(new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void file(ModelFile file) throws IOException {
    try {
      requireAsked(file);
      List<ModelFile> full;
      synchronized (this) {
        batch.add(file);
        if (batch.size() < reading.digester().batchSize()) {
          return;
        }
        full = rest();
      }
      digest(full);
    } catch (IOException | RuntimeException e) {
      remember(e);
      throw e;
    }
  }

  /** Files that were not requested are refused, and duplicates too. */
  private void requireAsked(ModelFile file) throws IOException {
    if (own) {
      accounted.increment();
      return; // our own source is trusted here, and it has the largest number of files
    }
    synchronized (this) {
      if (!pending.remove(file)) {
        throw failure(file, "was handed out twice, or was not asked for");
      }
    }
    accounted.increment();
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

  /** Files that were passed to a digester and for which it has not reported yet. */
  private final class Batch {
    private final Set<ModelFile> files = identitySet();

    Batch(Collection<ModelFile> files) {
      this.files.addAll(files);
    }

    void take(HashOutcome outcome) {
      try {
        synchronized (this) {
          if (!files.remove(outcome.file())) {
            throw failure(outcome.file(), "its digest was reported twice, or not asked for");
          }
        }
        if (outcome instanceof Hashed digests) {
          ContentReader.this.take(digests);
        } else {
          failed(((Failed) outcome).failure());
        }
      } catch (IOException e) {
        remember(e);
        throw new UncheckedIOException(e);
      } catch (RuntimeException e) {
        remember(e);
        throw e;
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
    try {
      requireAsked(outcome.file());
      take(outcome);
    } catch (IOException | RuntimeException e) {
      remember(e);
      throw e;
    }
  }

  private void take(Hashed outcome) throws IOException {
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
    if (evidence != Evidence.READ) {
      synchronized (this) {
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
      // A source without directories reports the directory once for each file below it.
      if (entry.kind() == EntryKind.DIRECTORY && !leftOut.add(entry.name())) {
        return;
      }
    }
    sink.ignored(entry);
  }

  @Override
  public void irregular(IrregularEntry entry) {
    // An entry that leads out of a rule's directory is not below it, although its name starts with
    // that directory.
    Optional<UncoveredEntry> byRule =
        hasDots(entry.name()) ? Optional.empty() : selection.leftOut(entry.name(), entry.kind());
    if (byRule.isPresent()) {
      leftOut(byRule.get());
    } else {
      sink.irregular(entry);
    }
  }

  private static boolean hasDots(String name) {
    return ("/" + name + "/").contains("/./") || ("/" + name + "/").contains("/../");
  }

  @Override
  public void finding(Finding finding) {
    sink.finding(finding);
  }

  private synchronized void requireComplete() throws IOException {
    if (failed > 0) {
      IOException first = failures.get(0);
      if (failed == 1) {
        throw first;
      }
      FileSystemException all =
          new FileSystemException(
              source.location(),
              null,
              failed + " files cannot be read; the first: " + first.getMessage());
      all.initCause(first);
      // Several files may have failed for the same reason, with the same exception object.
      failures.stream().skip(1).forEach(all::addSuppressed);
      throw all;
    }
    if (wanted.sum() != accounted.sum()) {
      throw new FileSystemException(
          source.location(),
          null,
          "expected the digests of " + wanted.sum() + " files, found those of " + accounted.sum());
    }
  }

  private synchronized void tellEvidence() {
    taken.forEach((evidence, files) ->
        sink.finding(
            Finding.of(
                Rules.DIGESTS_NOT_READ,
                files
                    + " of "
                    + accounted.sum()
                    + (accounted.sum() == 1 ? " file " : " files ")
                    + (files == 1 ? "was not " : "were not ")
                    + (evidence == Evidence.CONTENT_ADDRESSED
                        ? "downloaded: their digests are those by which they are stored; 'verify'"
                            + " with --pull reads them"
                        : "read: their digests have another origin (" + evidence + ")"))));
  }
}
