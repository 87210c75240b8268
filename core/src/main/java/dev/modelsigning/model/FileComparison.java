package dev.modelsigning.model;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.ManifestDiff.Changed;
import dev.modelsigning.model.ManifestDiff.Extra;
import dev.modelsigning.model.ManifestVerification.Policy;
import dev.modelsigning.model.ManifestVerification.Result;
import dev.modelsigning.model.ModelWalk.Irregular;
import dev.modelsigning.model.UncoveredEntry.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Compares the files of a model with a manifest as they are found and hashed (OMS 8.4, 8.5). */
final class FileComparison implements ModelSink {

  private final Manifest manifest;
  private final ListedFiles listed;
  private final Policy policy;

  // All guarded by this.
  private final boolean[] seen;
  private final List<Changed> changed = new ArrayList<>();
  private final List<Extra> extra = new ArrayList<>();
  private final List<UncoveredEntry> uncovered = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private long files;
  private long bytes;

  FileComparison(Manifest manifest, Policy policy) {
    this.manifest = manifest;
    this.listed = manifest.files();
    this.policy = policy;
    this.seen = new boolean[listed.count()];
  }

  /** The model is a single file, and none of this name was signed alone. */
  synchronized void isAnotherFile(String name) {
    extra.add(new Extra(name, EntryKind.FILE));
  }

  @Override
  public int file(byte[] name, long size) {
    int number = listed.find(name);
    return file(number, name, size) ? number : NOT_HASHED;
  }

  private synchronized boolean file(int number, byte[] name, long size) {
    if (number < 0) {
      String text = new String(name, StandardCharsets.UTF_8);
      if (isExcusedEmptyFile(size)) {
        uncovered.add(new UncoveredEntry(text, EntryKind.FILE, Reason.EMPTY_FILE));
      } else {
        addUnsigned(text, EntryKind.FILE);
      }
      return false;
    }
    seen[number] = true;
    files++;
    bytes += size;
    long expected = listed.size(number);
    if (expected != ListedFiles.UNKNOWN && expected != size) {
      changed.add(new Changed(listed.path(number), expected + " bytes", size + " bytes"));
      return false;
    }
    return true;
  }

  private boolean isExcusedEmptyFile(long size) {
    return manifest.serialization() instanceof Serialization.Shards
        && size == 0
        && !policy.strict();
  }

  private void addUnsigned(String name, EntryKind kind) {
    if (policy.ignoreUnsignedFiles()) {
      uncovered.add(new UncoveredEntry(name, kind, Reason.UNSIGNED));
    } else {
      extra.add(new Extra(name, kind));
    }
  }

  @Override
  public void hashed(int number, byte[] name, long size, byte[][] digests) {
    int[] rows = listed.rows(number);
    if (rows.length != digests.length) {
      throw new IllegalStateException(
          "expected " + rows.length + " digests, found " + digests.length);
    }
    for (int i = 0; i < rows.length; i++) {
      if (!manifest.hasDigest(rows[i], digests[i])) {
        Digest expected = manifest.digest(rows[i]);
        Digest found = Digest.of(expected.algorithm(), digests[i]);
        addChanged(new Changed(manifest.name(rows[i]), expected.toString(), found.toString()));
      }
    }
  }

  private synchronized void addChanged(Changed change) {
    changed.add(change);
  }

  @Override
  public synchronized void ignored(UncoveredEntry entry) {
    uncovered.add(entry);
  }

  @Override
  public void irregular(Irregular entry) {
    int number = listed.find(entry.name().getBytes(StandardCharsets.UTF_8));
    irregular(number, entry);
  }

  private synchronized void irregular(int number, Irregular entry) {
    if (number >= 0) {
      seen[number] = true;
      changed.add(new Changed(entry.name(), EntryKind.FILE.toString(), entry.kind().toString()));
    } else {
      addUnsigned(entry.name(), entry.kind());
    }
  }

  @Override
  public synchronized void finding(Finding finding) {
    findings.add(finding);
  }

  /** What was found, when all was. */
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
    findings.sort(Comparator.comparing(Finding::message));
    return new Result(new ManifestDiff(changed, missing, extra), files, bytes, uncovered, findings);
  }
}
