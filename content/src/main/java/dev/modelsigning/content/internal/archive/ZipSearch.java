package dev.modelsigning.content.internal.archive;

import dev.modelsigning.content.internal.found.Budget;
import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.content.internal.found.PartReader;
import dev.modelsigning.content.internal.found.PartReaders;
import dev.modelsigning.content.internal.found.ReadingRules;
import dev.modelsigning.facts.FileParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Searches a zip file: each entry of its central directory is compared with its local header and
 * read; then the gaps between entries are searched for further local headers, which programs that
 * read sequentially would find.
 */
final class ZipSearch {

  /** The number of first bytes of an entry that are shown to possible readers. */
  private static final int START = 4096;

  /** The longest data descriptor: signature, checksum, two sizes of 8 bytes. */
  private static final int MAX_DESCRIPTOR = 24;

  /** The longest nested zip file that is inflated into memory. */
  private static final int MAX_NESTED = 16 << 20;

  private static final int GAP_BLOCK = 64 * 1024;

  private final FileStart file;
  private final PartReaders readers;
  private final FoundFacts found;
  private final Budget budget;
  private final int depth;
  private final List<Extent> extents = new ArrayList<>();
  private boolean isOverBudget;

  ZipSearch(FileStart file, PartReaders readers, FoundFacts found, int depth) {
    this.file = file;
    this.readers = readers;
    this.found = found;
    this.budget = file.budget();
    this.depth = depth;
  }

  void search(FileParts parts) throws IOException {
    ZipDirectory directory = ZipDirectory.read(parts, file.isZip());
    if (!directory.isFound()) {
      if (file.isZip()) {
        found.finding(
            ReadingRules.CONTENT_BROKEN, file.part(), "a zip file without a directory at its end");
        searchGap(parts, 0, parts.size());
        tellOfBudget(false);
      }
      return;
    }
    if (directory.isBroken()) {
      found.finding(
          ReadingRules.CONTENT_BROKEN, file.part(), "the directory of a zip file cannot be read");
    }
    directory.ambiguities().forEach(this::ambiguous);
    Set<ByteBuffer> names = new HashSet<>();
    Set<Long> offsets = new HashSet<>();
    for (ZipEntry entry : directory.entries()) {
      boolean isNew = offsets.add(entry.offset());
      if (!names.add(ByteBuffer.wrap(entry.name())) || !isNew) {
        ambiguous("two of its entries have the same " + (isNew ? "name" : "place"));
      }
      if (!budget.takeEntry()) {
        isOverBudget = true;
        break;
      }
      searchEntry(parts, entry);
    }
    if (!isOverBudget && !directory.isTooLarge()) {
      searchGaps(parts, directory.extents());
    }
    tellOfBudget(directory.isTooLarge());
  }

  private void tellOfBudget(boolean isTooLarge) {
    if (isOverBudget || isTooLarge) {
      found.finding(
          ReadingRules.CONTENT_NOT_SEARCHED,
          file.part(),
          "a zip file has more in it than is looked into");
    }
  }

  private void ambiguous(String why) {
    found.finding(ReadingRules.ZIP_AMBIGUOUS, file.part(), why);
  }

  private void searchEntry(FileParts parts, ZipEntry entry) throws IOException {
    ZipEntry local = localHeader(parts, entry.offset());
    if (local == null) {
      found.finding(
          ReadingRules.CONTENT_BROKEN,
          nameOf(entry),
          "no local header is where the directory of the zip file says");
      return;
    }
    long dataAt = local.offset() + headerLength(parts, local.offset());
    long length = entry.compressedSize();
    boolean fits = length >= 0 && length <= parts.size() - dataAt;
    extents.add(new Extent(local.offset(), fits ? dataAt + length : parts.size()));
    boolean isOpen = fits && lacksDescriptor(parts, entry, local, dataAt + length);
    String difference = HeaderDifference.of(entry, local);
    if (difference == null && isOpen) {
      difference = "the data after it does not match its directory entry";
    }
    if (difference != null) {
      found.finding(ReadingRules.ZIP_HEADERS_DISAGREE, nameOf(entry), difference);
    }
    read(parts, entry, dataAt);
    ZipEntry shorter = entry.beforeNul();
    if (shorter != null) {
      // Programs in C, and Python before 3.12, truncate such names.
      found.finding(
          ReadingRules.ZIP_AMBIGUOUS, nameOf(entry), "its name continues after a zero byte");
      read(parts, shorter, dataAt);
    }
    if (HeaderDifference.isOfContent(entry, local)) {
      read(parts, withSizes(local, entry), dataAt);
    } else if (isOpen && local.method() == ZipEntry.DEFLATED) {
      // When read sequentially, it ends with its last block.
      read(parts, withLength(local, parts.size() - dataAt), dataAt);
    }
  }

  /** Whether a data descriptor should follow an entry, and is missing or different. */
  private static boolean lacksDescriptor(FileParts parts, ZipEntry central, ZipEntry local, long at)
      throws IOException {
    if (!local.hasDescriptor() || local.hasSameSizes(central)) {
      return false;
    }
    int length = (int) Math.min(MAX_DESCRIPTOR, parts.size() - at);
    return !central.isDescriptor(Window.bytes(parts, at, length));
  }

  /**
   * The entry as seen by programs that use the local header: its name and method; sizes may follow
   * the data.
   */
  private static ZipEntry withSizes(ZipEntry local, ZipEntry central) {
    long compressed =
        local.compressedSize() > 0 ? local.compressedSize() : central.compressedSize();
    return new ZipEntry(
        local.name(),
        local.flags(),
        local.method(),
        local.checksum(),
        compressed,
        local.size(),
        local.offset(),
        local.otherName());
  }

  private Optional<String> nameOf(ZipEntry entry) {
    return file.part(entry.text(), Math.max(0, entry.size()), ByteBuffer.allocate(0)).part();
  }

  private @Nullable ZipEntry localHeader(FileParts parts, long at) throws IOException {
    if (at < 0 || at > parts.size() - ZipEntry.LOCAL_LENGTH) {
      return null;
    }
    ByteBuffer fixed = Window.bytes(parts, at, ZipEntry.LOCAL_LENGTH);
    int rest = Short.toUnsignedInt(fixed.getShort(26)) + Short.toUnsignedInt(fixed.getShort(28));
    if (fixed.getInt(0) != ZipEntry.LOCAL_SIGNATURE
        || rest > parts.size() - at - ZipEntry.LOCAL_LENGTH) {
      return null;
    }
    // This exceeds the limit by less than the length of one header, so it is read anyway.
    isOverBudget |= !budget.take(rest);
    return ZipEntry.local(fixed, Window.bytes(parts, at + ZipEntry.LOCAL_LENGTH, rest), at);
  }

  private static int headerLength(FileParts parts, long at) throws IOException {
    ByteBuffer fixed = Window.bytes(parts, at, ZipEntry.LOCAL_LENGTH);
    return ZipEntry.LOCAL_LENGTH
        + Short.toUnsignedInt(fixed.getShort(26))
        + Short.toUnsignedInt(fixed.getShort(28));
  }

  private void read(FileParts parts, ZipEntry entry, long dataAt) throws IOException {
    if (entry.isDirectory() && entry.compressedSize() == 0) {
      return;
    }
    boolean isReadable = entry.method() == ZipEntry.STORED || entry.method() == ZipEntry.DEFLATED;
    if (entry.isEncrypted() || !isReadable || entry.compressedSize() < 0) {
      found.finding(
          ReadingRules.CONTENT_NOT_SEARCHED,
          nameOf(entry),
          entry.isEncrypted()
              ? "it is encrypted"
              : isReadable
                  ? "its size is negative"
                  : "it is compressed by method " + entry.method());
    }
    if (!isReadable || entry.compressedSize() < 0) {
      return;
    }
    // Some loaders ignore the flag; if it is right, what they would read is noise.
    boolean isMuted = found.mute(true);
    if (!entry.isEncrypted()) {
      found.mute(isMuted);
    }
    readData(parts, entry, dataAt);
    found.mute(isMuted);
  }

  private void readData(FileParts parts, ZipEntry entry, long dataAt) throws IOException {
    boolean isDeflated = entry.method() == ZipEntry.DEFLATED;
    try (EntryBytes bytes =
        new EntryBytes(parts, dataAt, entry.compressedSize(), isDeflated, budget)) {
      ByteBuffer first = bytes.next();
      FileStart start =
          file.part(
              entry.text(),
              Math.max(0, entry.size()),
              first == null ? ByteBuffer.allocate(0) : first);
      boolean isNested = start.isZip();
      Optional<PartReader> reader = readers.of(start);
      if (reader.isPresent() && (first != null || bytes.isBroken())) {
        readAll(bytes, first == null ? null : first.duplicate(), start, reader.get());
      } else if (first == null && bytes.isBroken()) {
        found.finding(ReadingRules.CONTENT_BROKEN, start.part(), "it cannot be read");
      }
      if (first != null && isNested) {
        readNested(parts, entry, dataAt, start.withoutStart());
      }
      isOverBudget |= bytes.isOverBudget();
    }
  }

  private void readAll(
      EntryBytes bytes, @Nullable ByteBuffer first, FileStart start, PartReader reader)
      throws IOException {
    ByteBuffer block = first;
    while (block != null && reader.accept(block)) {
      block = bytes.next();
    }
    reader.end(found);
    if (bytes.isBroken()) {
      found.finding(
          ReadingRules.CONTENT_BROKEN,
          start.part(),
          "it cannot be read to its end from the zip file");
    }
  }

  private void readNested(FileParts parts, ZipEntry entry, long dataAt, FileStart name)
      throws IOException {
    if (depth >= Budget.MAX_DEPTH) {
      found.finding(
          ReadingRules.CONTENT_NOT_SEARCHED, name.part(), "it is a zip file too deep in others");
      return;
    }
    ZipSearch nested = new ZipSearch(name, readers, found, depth + 1);
    if (entry.method() == ZipEntry.STORED) {
      long length = Math.min(entry.compressedSize(), parts.size() - dataAt);
      nested.search(new Window(parts, dataAt, length));
    } else {
      FileParts inflated = inflate(parts, entry, dataAt);
      if (inflated == null) {
        found.finding(
            ReadingRules.CONTENT_NOT_SEARCHED,
            name.part(),
            "it is a compressed zip file of more than " + MAX_NESTED + " bytes");
      } else {
        nested.search(inflated);
      }
    }
    isOverBudget |= nested.isOverBudget;
  }

  private @Nullable FileParts inflate(FileParts parts, ZipEntry entry, long dataAt)
      throws IOException {
    byte[] all = new byte[START];
    int length = 0;
    try (EntryBytes bytes = new EntryBytes(parts, dataAt, entry.compressedSize(), true, budget)) {
      for (ByteBuffer block = bytes.next(); block != null; block = bytes.next()) {
        int some = block.remaining();
        if (length + some > MAX_NESTED) {
          return null;
        }
        if (length + some > all.length) {
          all = Arrays.copyOf(all, Math.max(length + some, 2 * all.length));
        }
        block.get(all, length, some);
        length += some;
      }
      return bytes.isOverBudget() ? null : Window.of(all, length);
    }
  }

  private void searchGaps(FileParts parts, List<Extent> directories) throws IOException {
    List<Extent> all = new ArrayList<>(extents);
    all.addAll(directories);
    all.sort((one, other) -> Long.compare(one.from(), other.from()));
    long covered = 0;
    for (Extent extent : all) {
      if (extent.from() < covered) {
        ambiguous("two of its entries overlap, or one with its directory");
      } else {
        searchGap(parts, covered, extent.from());
      }
      covered = Math.max(covered, extent.to());
    }
    searchGap(parts, covered, parts.size());
  }

  /** Searches for local headers where there should be only data descriptors. */
  private void searchGap(FileParts parts, long from, long to) throws IOException {
    if (to - from <= MAX_DESCRIPTOR) {
      return;
    }
    long end = from + budget.takeGap(to - from);
    isOverBudget |= end < to;
    ByteBuffer block = ByteBuffer.allocate(0);
    long blockAt = from;
    long at = from;
    while (at + ZipEntry.LOCAL_LENGTH <= end) {
      if (at - blockAt + 4 > block.limit()) {
        block = Window.bytes(parts, at, (int) Math.min(GAP_BLOCK, end - at));
        blockAt = at;
      }
      int i = (int) (at - blockAt);
      while (i + 4 <= block.limit()
          && (block.get(i) != 'P' || block.getInt(i) != ZipEntry.LOCAL_SIGNATURE)) {
        i++;
      }
      // The last three bytes of a block may be the beginning of a signature.
      at = blockAt + i;
      ZipEntry hidden = i + 4 <= block.limit() ? localHeader(parts, at) : null;
      if (hidden != null) {
        if (!budget.takeEntry()) {
          isOverBudget = true;
          return;
        }
        at = readHidden(parts, hidden, to);
      } else if (i + 4 <= block.limit()) {
        at += 4;
      }
    }
  }

  /** Reads an entry that is in no directory; returns where to continue. */
  private long readHidden(FileParts parts, ZipEntry hidden, long to) throws IOException {
    found.finding(
        ReadingRules.ZIP_AMBIGUOUS,
        nameOf(hidden),
        "the directory of the zip file does not have this entry");
    long dataAt = hidden.offset() + headerLength(parts, hidden.offset());
    boolean isOpen = hidden.hasDescriptor() && hidden.compressedSize() == 0;
    ZipEntry shown = isOpen ? withLength(hidden, Math.max(0, to - dataAt)) : hidden;
    read(parts, shown, dataAt);
    boolean fits = shown.compressedSize() >= 0 && shown.compressedSize() <= to - dataAt;
    return isOpen || !fits ? dataAt : dataAt + shown.compressedSize();
  }

  private static ZipEntry withLength(ZipEntry entry, long length) {
    return new ZipEntry(
        entry.name(),
        entry.flags(),
        entry.method(),
        entry.checksum(),
        length,
        entry.size(),
        entry.offset(),
        entry.otherName());
  }
}
