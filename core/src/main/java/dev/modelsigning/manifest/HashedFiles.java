package dev.modelsigning.manifest;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.model.EntryKind;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.UncoveredEntry;
import dev.modelsigning.model.UncoveredEntry.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The files of a model to be signed, as they are found and hashed. */
final class HashedFiles implements ModelSink {

  /** More resources than this do not fit into a bundle that verifiers accept. */
  private static final long MAX_RESOURCES = 1_700_000;

  private final String location;
  private final OptionalLong shardSize;

  // All guarded by this.
  private final ManifestBuilder manifest = new ManifestBuilder();
  private final List<UncoveredEntry> uncovered = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable IrregularEntry irregular;
  private long links;
  private double resources;
  private long files;
  private long bytes;

  /**
   * Creates an empty collection.
   *
   * @param location where the model is, for display
   * @param shardSize length of the ranges that have a digest each, in bytes
   */
  HashedFiles(String location, OptionalLong shardSize) {
    this.location = location;
    this.shardSize = shardSize;
  }

  @Override
  public synchronized void singleFile(String name) {
    if (name.equals(Manifest.SINGLE_FILE)) {
      irregular = IrregularEntry.of(name, location, EntryKind.UNREPRESENTABLE_NAME);
    } else if (CanonicalPath.problem(name) != null) {
      irregular = IrregularEntry.of(name, location, EntryKind.NAME_NOT_CANONICAL);
    }
  }

  @Override
  public synchronized boolean wants(ModelFile file) {
    long size = file.size();
    if (shardSize.isPresent() && size == 0) {
      uncovered.add(new UncoveredEntry(file.name(), EntryKind.FILE, Reason.EMPTY_FILE));
      return false;
    }
    files++;
    bytes += size;
    resources += shardSize.isPresent() ? Math.max(1, size / (double) shardSize.getAsLong()) : 1;
    // After something that cannot be signed, files are only counted.
    return isUsable() && irregular == null;
  }

  private boolean isUsable() {
    return resources <= MAX_RESOURCES;
  }

  @Override
  public synchronized void hashed(Hashed outcome) {
    ModelFile file = outcome.file();
    List<byte[]> digests = outcome.digests();
    if (shardSize.isEmpty()) {
      manifest.add(file.utf8Name(), digests.get(0));
      return;
    }
    String path = file.name();
    for (int i = 0; i < digests.size(); i++) {
      long start = i * shardSize.getAsLong();
      long end = Math.min(file.size(), start + shardSize.getAsLong());
      String shard = new ListedFiles.Shard(path, start, end).name();
      manifest.add(shard.getBytes(StandardCharsets.UTF_8), digests.get(i));
    }
  }

  @Override
  public synchronized void ignored(UncoveredEntry entry) {
    uncovered.add(entry);
  }

  @Override
  public synchronized void irregular(IrregularEntry entry) {
    links += entry.kind() == EntryKind.SYMBOLIC_LINK ? 1 : 0;
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
   * @throws FileSystemException if something cannot be signed, or there are no files or too many
   */
  synchronized void requireUsable() throws FileSystemException {
    if (irregular != null) {
      throw unsignable(irregular, links);
    }
    if (files == 0) {
      throw new FileSystemException(
          location,
          null,
          "the model has no files to sign"
              + (uncovered.isEmpty() ? "" : " besides those that are left out")
              + " (OMS 6.1)");
    }
    if (!isUsable()) {
      throw new FileSystemException(
          location,
          null,
          String.format(
              "%.0f files or shards are more than one signature can list (%d);"
                  + " choose a larger shard size",
              resources, MAX_RESOURCES));
    }
  }

  /**
   * The manifest of all files.
   *
   * @param mayNest whether the source may have a file below the name of another one
   * @throws FileSystemException if the source reported a name twice, or such a file
   */
  synchronized Manifest manifest(Serialization serialization, boolean mayNest)
      throws FileSystemException {
    Manifest made;
    try {
      made = manifest.buildSorted(serialization);
    } catch (IllegalArgumentException e) {
      throw new FileSystemException(location, null, e.getMessage());
    }
    Optional<String> nested = mayNest ? made.files().nested() : Optional.empty();
    if (nested.isPresent()) {
      throw new FileSystemException(
          location,
          null,
          "the file "
              + Printable.quote(nested.get())
              + " lies below a name that is a file too, which no directory can hold (OMS 6.1)");
    }
    return made;
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
    findings.sort((one, other) -> one.message().compareTo(other.message()));
    return findings;
  }

  private static FileSystemException unsignable(IrregularEntry entry, long links) {
    String reason =
        switch (entry.kind()) {
          case SYMBOLIC_LINK ->
              "is a symbolic link"
                  + (links > 1 ? ", one of " + links : "")
                  + "; allow links (--allow-symlinks) to sign what "
                  + (links > 1 ? "they lead" : "it leads")
                  + " to, or ignore it (OMS 6.1.1)";
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
          case NAME_NOT_CANONICAL ->
              "its name "
                  + CanonicalPath.problem(entry.name())
                  + ", so it cannot be signed: rename or ignore it (OMS 6.1.2)";
          case NO_LINK_OF_VOLUME, NOT_LINKED_IN_VOLUME ->
              "is an " + entry.kind() + ", so programs find another model: remove or ignore it";
          case FILE, DIRECTORY -> "cannot be signed";
        };
    return new FileSystemException(entry.location(), null, reason);
  }

  private static String why(IrregularEntry entry) {
    IOException failure = entry.failure().orElse(null);
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "it disappeared while the model was read";
    }
    String reason = null;
    if (failure instanceof FileSystemException named) {
      reason = named.getReason(); // the message begins with the name
    } else if (failure != null) {
      reason = failure.getMessage();
    }
    return reason == null ? "unknown reason" : reason;
  }
}
