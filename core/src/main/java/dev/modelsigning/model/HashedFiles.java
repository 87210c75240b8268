package dev.modelsigning.model;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.model.ModelWalk.Irregular;
import dev.modelsigning.model.UncoveredEntry.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The files of a model that is to be signed, as they are found and hashed. */
final class HashedFiles implements ModelSink {

  /** More resources than this do not fit into a bundle that verifiers read. */
  private static final long MAX_RESOURCES = 1_700_000;

  private final Path model;
  private final OptionalLong shardSize;

  // All guarded by this.
  private final ManifestBuilder manifest = new ManifestBuilder();
  private final List<UncoveredEntry> uncovered = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable Irregular irregular;
  private double resources;
  private long files;
  private long bytes;

  HashedFiles(Path model, OptionalLong shardSize) {
    this.model = model;
    this.shardSize = shardSize;
  }

  @Override
  public synchronized int file(byte[] name, long size) {
    if (shardSize.isPresent() && size == 0) {
      String text = new String(name, StandardCharsets.UTF_8);
      uncovered.add(new UncoveredEntry(text, EntryKind.FILE, Reason.EMPTY_FILE));
      return NOT_HASHED;
    }
    files++;
    bytes += size;
    resources += shardSize.isPresent() ? Math.max(1, size / (double) shardSize.getAsLong()) : 1;
    // What cannot be signed any more is only counted.
    return isUsable() && irregular == null ? 0 : NOT_HASHED;
  }

  private boolean isUsable() {
    return resources <= MAX_RESOURCES;
  }

  @Override
  public synchronized void hashed(int number, byte[] name, long size, byte[][] digests) {
    if (shardSize.isEmpty()) {
      manifest.add(name, digests[0]);
      return;
    }
    String path = new String(name, StandardCharsets.UTF_8);
    for (int i = 0; i < digests.length; i++) {
      long start = i * shardSize.getAsLong();
      long end = Math.min(size, start + shardSize.getAsLong());
      String shard = new Shard(path, start, end).name();
      manifest.add(shard.getBytes(StandardCharsets.UTF_8), digests[i]);
    }
  }

  @Override
  public synchronized void ignored(UncoveredEntry entry) {
    uncovered.add(entry);
  }

  @Override
  public synchronized void irregular(Irregular entry) {
    if (irregular == null
        || CanonicalPath.CODE_POINT_ORDER.compare(entry.name(), irregular.name()) < 0) {
      irregular = entry;
    }
  }

  @Override
  public synchronized void finding(Finding finding) {
    findings.add(finding);
  }

  /**
   * Requires that what was found can be signed.
   *
   * @throws FileSystemException if something cannot, there is nothing, or too much
   */
  synchronized void requireUsable() throws FileSystemException {
    if (irregular != null) {
      throw unsignable(irregular);
    }
    if (files == 0) {
      throw new FileSystemException(
          model.toString(),
          null,
          "the model has no files to sign"
              + (uncovered.isEmpty() ? "" : " besides those that are left out")
              + " (OMS 6.1)");
    }
    if (!isUsable()) {
      throw new FileSystemException(
          model.toString(),
          null,
          String.format(
              "%.0f files or shards are more than one signature can list (%d);"
                  + " choose a larger shard size",
              resources, MAX_RESOURCES));
    }
  }

  synchronized Manifest manifest(Serialization serialization) {
    return manifest.buildSorted(serialization);
  }

  synchronized long files() {
    return files;
  }

  synchronized long bytes() {
    return bytes;
  }

  synchronized List<UncoveredEntry> uncovered() {
    uncovered.sort(CanonicalPath.byName(UncoveredEntry::name));
    return uncovered;
  }

  synchronized List<Finding> findings() {
    findings.sort(Comparator.comparing(Finding::message));
    return findings;
  }

  static FileSystemException linkNotAllowed(Path path) {
    return new FileSystemException(
        path.toString(),
        null,
        "is a symbolic link; allow links to sign what it leads to, or ignore it (OMS 6.1.1)");
  }

  private static FileSystemException unsignable(Irregular entry) {
    String reason =
        switch (entry.kind()) {
          case SYMBOLIC_LINK -> null;
          case DIRECTORY_LINK ->
              "is a symbolic link to a directory, which is never followed:"
                  + " ignore it or replace it by the directory (OMS 6.1.1)";
          case BROKEN_LINK ->
              "is a symbolic link that leads nowhere or in a circle: repair or ignore it";
          case SPECIAL_FILE -> "is not a regular file (FIFO, socket or device): ignore it";
          case UNREADABLE_DIRECTORY -> why(entry) + ": the directory cannot be read";
          case UNREADABLE_ENTRY -> why(entry) + ": the entry cannot be read";
          case UNREPRESENTABLE_NAME ->
              "its name is not UTF-8, so it cannot be signed: rename or ignore its directory"
                  + " (OMS 6.1.2)";
          case FILE, DIRECTORY -> "cannot be signed";
        };
    if (reason == null) {
      return linkNotAllowed(entry.path());
    }
    Path parent = entry.path().getParent();
    String shown =
        entry.kind() == EntryKind.UNREPRESENTABLE_NAME && parent != null
            ? parent + "/" + Printable.escape(String.valueOf(entry.path().getFileName()))
            : entry.path().toString();
    return new FileSystemException(shown, null, reason);
  }

  private static String why(Irregular entry) {
    if (entry.failure() instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (entry.failure() instanceof NoSuchFileException) {
      return "it disappeared while the model was read";
    }
    String reason = entry.failure() == null ? null : entry.failure().getReason();
    return reason == null ? "unknown reason" : reason;
  }
}
