package dev.modelsigning.manifest;

import dev.modelsigning.facts.ContentCollector;
import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rules;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.manifest.ManifestDiff.Changed;
import dev.modelsigning.manifest.ManifestDiff.Extra;
import dev.modelsigning.manifest.ManifestVerification.Policy;
import dev.modelsigning.manifest.ManifestVerification.Result;
import dev.modelsigning.model.Digest;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.model.UncoveredEntry.Reason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Compares the files of a model with a manifest as they are found and hashed (OMS 8.4, 8.5). */
final class FileComparison implements ModelSink {

  private final Manifest manifest;
  private final ListedFiles listed;
  private final Policy policy;
  private final Optional<ContentCollector> contents;

  // All guarded by this.
  private final boolean[] seen;
  private final BitSet same = new BitSet();
  private final List<Changed> changed = new ArrayList<>();
  private final List<Extra> extra = new ArrayList<>();
  private final List<UncoveredEntry> uncovered = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> left = new ArrayList<>();
  private final Optional<FileSizes> sizes;
  private long files;
  private long bytes;

  // Read for each file, so without a lock.
  private volatile boolean single;

  FileComparison(Manifest manifest, Policy policy, Optional<ContentCollector> contents) {
    this.contents = contents;
    this.manifest = manifest;
    this.listed = manifest.files();
    this.policy = policy;
    this.seen = new boolean[listed.count()];
    this.sizes = policy.keepSizes() ? Optional.of(FileSizes.of(listed)) : Optional.empty();
  }

  @Override
  public void singleFile(String name) {
    single = true;
  }

  @Override
  public boolean wants(ModelFile file) throws IOException {
    return single ? wantsSingle(file) : wants(listed.find(file.utf8Name()), file);
  }

  /**
   * The file's own name if it is signed under that name, or the one that stands for a single file.
   */
  private synchronized boolean wantsSingle(ModelFile file) throws IOException {
    String only = listed.count() == 1 ? listed.path(0) : "";
    if (only.equals(file.name()) || only.equals(Manifest.SINGLE_FILE)) {
      return wants(0, file);
    }
    extra.add(new Extra(file.name(), EntryKind.FILE, file.modified()));
    return false;
  }

  private synchronized boolean wants(int number, ModelFile file) throws IOException {
    long size = file.size();
    if (number < 0) {
      if (isExcusedEmptyFile(size)) {
        uncovered.add(new UncoveredEntry(file.name(), EntryKind.FILE, Reason.EMPTY_FILE));
      } else {
        addUnsigned(file.name(), EntryKind.FILE, file.modified());
      }
      return false;
    }
    if (seen[number]) {
      throw new FileSystemException(
          file.location(), null, "was found twice while the model was listed");
    }
    seen[number] = true;
    boolean selected = single || policy.selects(file.name());
    if (selected) {
      files++;
      bytes += size;
    }
    sizes.ifPresent(known -> known.set(number, size));
    long expected = listed.size(number);
    if (expected != ListedFiles.UNKNOWN && expected != size) {
      changed.add(
          new Changed(
              listed.path(number),
              listed.path(number),
              expected + " bytes",
              size + " bytes",
              file.modified()));
      return false;
    }
    if (!selected) {
      left.add(listed.path(number));
    }
    return selected;
  }

  private boolean isExcusedEmptyFile(long size) {
    return manifest.serialization() instanceof Serialization.Shards
        && size == 0
        && !policy.strict();
  }

  private void addUnsigned(String name, EntryKind kind, Optional<Instant> modified) {
    if (policy.ignoreUnsignedFiles()) {
      uncovered.add(new UncoveredEntry(name, kind, Reason.UNSIGNED));
    } else {
      extra.add(new Extra(name, kind, modified));
    }
  }

  @Override
  public void hashed(Hashed outcome) throws IOException {
    ModelFile file = outcome.file();
    int number = single ? 0 : listed.find(file.utf8Name());
    int[] rows = listed.rows(number);
    List<byte[]> digests = outcome.digests();
    if (digests.size() != rows.length) {
      throw new FileSystemException(
          file.location(), null, "expected " + rows.length + " digests, found " + digests.size());
    }
    boolean differs = false;
    for (int i = 0; i < rows.length; i++) {
      if (!manifest.hasDigest(rows[i], digests.get(i))) {
        differs = true;
        Digest expected = manifest.digest(rows[i]);
        Digest found = Digest.of(expected.algorithm(), digests.get(i));
        addChanged(
            new Changed(
                manifest.name(rows[i]),
                listed.path(number),
                expected.toString(),
                found.toString(),
                file.modified()));
      }
    }
    if (!differs && contents.isPresent()) {
      isSame(number);
    }
  }

  private synchronized void isSame(int number) {
    same.set(number);
  }

  /** Whether a file matches the signed digests. */
  private synchronized boolean isSame(String name) {
    int number = single ? 0 : listed.find(name);
    return number >= 0 && same.get(number);
  }

  private synchronized void addChanged(Changed change) {
    changed.add(change);
  }

  @Override
  public synchronized void ignored(UncoveredEntry entry) {
    if (entry.reason() == Reason.SIGNATURE_FILE && entry.kind() == EntryKind.DIRECTORY) {
      // The signature was read from this path; what replaced it since is not covered by any rule.
      addUnsigned(entry.name(), entry.kind(), Optional.empty());
      return;
    }
    uncovered.add(entry);
  }

  @Override
  public void irregular(IrregularEntry entry) {
    int number = listed.find(entry.name());
    irregular(number, entry);
  }

  private synchronized void irregular(int number, IrregularEntry entry) {
    if (number >= 0) {
      seen[number] = true;
      changed.add(
          new Changed(
              entry.name(),
              entry.name(),
              EntryKind.FILE.toString(),
              entry.kind().toString(),
              Optional.empty()));
    } else {
      addUnsigned(entry.name(), entry.kind(), Optional.empty());
    }
  }

  @Override
  public synchronized void finding(Finding finding) {
    findings.add(finding);
  }

  /** The result, after all files were found. */
  synchronized Result result() {
    List<String> missing = new ArrayList<>();
    for (int number = 0; number < seen.length; number++) {
      if (!seen[number]) {
        missing.add(listed.path(number));
      }
    }
    missing.sort(CanonicalPath.CODE_POINT_ORDER);
    changed.sort(CanonicalPath.byName(Changed::name));
    extra.sort(CanonicalPath.byName(Extra::name));
    uncovered.sort(CanonicalPath.byName(UncoveredEntry::name));
    left.sort(CanonicalPath.CODE_POINT_ORDER);
    if (!left.isEmpty()) {
      findings.add(
          Finding.of(
              Rules.PARTLY_HASHED,
              "only "
                  + files
                  + " of "
                  + listed.count()
                  + " signed files were hashed; nothing is known of what is in the others"));
    }
    findings.sort((one, other) -> one.message().compareTo(other.message()));
    Optional<ContentFacts> facts = contents.map(it -> it.facts(this::isSame));
    facts.ifPresent(found -> findings.addAll(found.findings()));
    return new Result(
        new ManifestDiff(changed, missing, extra),
        single,
        files,
        bytes,
        sizes,
        uncovered,
        findings,
        facts,
        left);
  }
}
