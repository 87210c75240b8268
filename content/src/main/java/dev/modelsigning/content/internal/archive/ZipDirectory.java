package dev.modelsigning.content.internal.archive;

import dev.modelsigning.content.internal.found.Budget;
import dev.modelsigning.facts.FileParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The central directories at the end of a zip file. There should be one; programs use different
 * ones if there are several, or if the zip64 record contradicts the usual one.
 */
final class ZipDirectory {

  /** The largest number of end records that are read. */
  static final int MAX_DIRECTORIES = 4;

  /** The largest number of bytes that are read of all directories, and kept as names. */
  static final int MAX_LENGTH = 16 << 20;

  /** The signature of an end record, as text in ISO 8859-1. */
  private static final String END_SIGNATURE = "PK\5\6";

  private static final int END_LENGTH = 22;
  private static final int LARGE_LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LARGE_LOCATOR_LENGTH = 20;
  private static final int LARGE_END_SIGNATURE = 0x06064b50;
  private static final int LARGE_END_LENGTH = 56;

  private static final int BUFFER_SIZE = 64 * 1024;

  /**
   * The location of a directory.
   *
   * @param at the offset of its first entry
   * @param end the largest offset of its end
   * @param base the offset of the zip file, if other content precedes it
   * @param entries the stated number of entries
   */
  private record Place(long at, long end, long base, long entries) {}

  /** A zip64 end record, with its offset. */
  private record LargeEnd(long at, long entries, long size, long offset) {}

  private final FileParts parts;
  private final Set<String> ambiguities = new LinkedHashSet<>();
  private final List<ZipEntry> entries = new ArrayList<>();
  private final List<Extent> extents = new ArrayList<>();
  private long settled;
  private long length;
  private boolean isTooLarge;
  private boolean isBroken;
  private boolean isFound;

  private ZipDirectory(FileParts parts) {
    this.parts = parts;
  }

  /**
   * Reads the central directories of a file.
   *
   * @param isZip whether it is certainly a zip file; in others, bytes may look like an end record
   *     by chance
   */
  static ZipDirectory read(FileParts parts, boolean isZip) throws IOException {
    ZipDirectory directory = new ZipDirectory(parts);
    for (Place place : directory.places(isZip)) {
      directory.readEntries(place);
    }
    return directory;
  }

  /** Whether there is one. */
  boolean isFound() {
    return isFound;
  }

  /** Its entries. */
  List<ZipEntry> entries() {
    return entries;
  }

  /** The extents of the directories. */
  List<Extent> extents() {
    return extents;
  }

  /** The reasons why programs may interpret the file differently. */
  Set<String> ambiguities() {
    return ambiguities;
  }

  /** Whether there are more entries than the limit. */
  boolean isTooLarge() {
    return isTooLarge;
  }

  /** Whether an entry of a directory is malformed. */
  boolean isBroken() {
    return isBroken;
  }

  private Set<Place> places(boolean isZip) throws IOException {
    Set<Place> places = new LinkedHashSet<>();
    int tail = (int) Math.min(parts.size(), END_LENGTH + 0xffff);
    if (tail < END_LENGTH) {
      return places;
    }
    long tailAt = parts.size() - tail;
    byte[] array = new byte[tail];
    parts.read(ByteBuffer.wrap(array), tailAt);
    ByteBuffer bytes = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
    int ends = 0;
    // Every file that may be a zip file is searched. Most have none, which the JDK finds out by
    // instructions for many bytes at once.
    String text = new String(array, StandardCharsets.ISO_8859_1);
    int last = text.indexOf(END_SIGNATURE) < 0 ? -1 : tail - END_LENGTH;
    for (int i = text.lastIndexOf(END_SIGNATURE, last);
        i >= 0;
        i = text.lastIndexOf(END_SIGNATURE, i - 1)) {
      if (tailAt + i < settled) {
        break;
      }
      int commentEnd = i + END_LENGTH + Short.toUnsignedInt(bytes.getShort(i + 20));
      ends++;
      if (ends == 1 && commentEnd < tail) {
        ambiguities.add("there are bytes after its end");
      } else if (commentEnd > tail) {
        ambiguities.add("its end record says more than there is");
      }
      if (ends <= MAX_DIRECTORIES) {
        addPlaces(places, bytes.slice(i, END_LENGTH).order(bytes.order()), tailAt + i);
        if (commentEnd == tail && !isBroken && isFound) {
          // All programs use this one. What looks like an end record before its directory is data
          // of an entry, such as a nested zip file, or in a gap that is searched.
          settled = places.stream().mapToLong(Place::at).min().orElse(tailAt + i);
        }
      }
    }
    if (ends > 1) {
      ambiguities.add("it has " + ends + " end records");
      isTooLarge |= ends > MAX_DIRECTORIES;
    }
    isFound |= ends > 0 && isZip;
    return places;
  }

  private void addPlaces(Set<Place> places, ByteBuffer end, long at) throws IOException {
    int shortEntries = Short.toUnsignedInt(end.getShort(10));
    long size = Integer.toUnsignedLong(end.getInt(12));
    long offset = Integer.toUnsignedLong(end.getInt(16));
    Set<LargeEnd> large = largeEnds(at);
    if (large.size() > 1) {
      ambiguities.add("it has two end records for large files");
    }
    boolean isOther = large.isEmpty();
    for (LargeEnd one : large) {
      add(places, one.at(), one.size(), one.offset(), one.entries());
      if (differ(shortEntries, 0xffff, one.entries())
          || differ(size, 0xffff_ffffL, one.size())
          || differ(offset, 0xffff_ffffL, one.offset())) {
        ambiguities.add("its two end records differ");
        isOther = true;
      }
    }
    if (isOther) {
      add(places, at, size, offset, shortEntries);
    }
  }

  private static boolean differ(long inShort, long elsewhere, long inLarge) {
    return inShort != elsewhere && inShort != inLarge;
  }

  /** The zip64 end records that programs may find: none or one, unless the file is malformed. */
  private Set<LargeEnd> largeEnds(long endAt) throws IOException {
    Set<LargeEnd> found = new LinkedHashSet<>();
    long locatorAt = endAt - LARGE_LOCATOR_LENGTH;
    if (locatorAt < LARGE_END_LENGTH) {
      return found;
    }
    ByteBuffer locator = Window.bytes(parts, locatorAt, LARGE_LOCATOR_LENGTH);
    if (locator.getInt(0) != LARGE_LOCATOR_SIGNATURE) {
      return found;
    }
    // At the stated offset, and directly before: some programs ignore the stated offset.
    for (long at : new long[] {locator.getLong(8), locatorAt - LARGE_END_LENGTH}) {
      if (at >= 0 && at <= locatorAt - LARGE_END_LENGTH) {
        ByteBuffer end = Window.bytes(parts, at, LARGE_END_LENGTH);
        if (end.getInt(0) == LARGE_END_SIGNATURE) {
          found.add(new LargeEnd(at, end.getLong(32), end.getLong(40), end.getLong(48)));
        }
      }
    }
    if (found.isEmpty()) {
      ambiguities.add("its end record for large files is missing");
    }
    return found;
  }

  /**
   * Adds the location of a directory: directly before its end record, or at the offset stated
   * there. Both are equal unless other content precedes the zip file or the record is wrong;
   * programs use either.
   */
  private void add(Set<Place> places, long end, long size, long offset, long number)
      throws IOException {
    boolean isRight = size >= 0 && size <= end && offset == end - size;
    boolean isEmpty = isRight && size == 0 && number == 0;
    boolean isAdded = false;
    if (size >= 0 && size <= end && isDirectory(end - size)) {
      isAdded = places.add(new Place(end - size, end, end - size - offset, number));
    }
    if (offset >= 0 && offset < end && offset != end - size && isDirectory(offset)) {
      isAdded |= places.add(new Place(offset, end, 0, number));
    }
    isFound |= isAdded || isEmpty;
    isBroken |= !isAdded && !isEmpty;
    if (!isRight) {
      ambiguities.add("positions in it count from another place than the beginning of the file");
    }
  }

  private boolean isDirectory(long at) throws IOException {
    return at <= parts.size() - ZipEntry.CENTRAL_LENGTH
        && Window.bytes(parts, at, 4).getInt(0) == ZipEntry.CENTRAL_SIGNATURE;
  }

  private void readEntries(Place place) throws IOException {
    long at = place.at();
    long number = 0;
    Buffered buffered = new Buffered();
    while (at + ZipEntry.CENTRAL_LENGTH <= place.end()) {
      ByteBuffer fixed = buffered.at(at, ZipEntry.CENTRAL_LENGTH);
      if (fixed.getInt(0) != ZipEntry.CENTRAL_SIGNATURE) {
        break;
      }
      if (entries.size() >= Budget.MAX_ENTRIES || length > MAX_LENGTH) {
        isTooLarge = true;
        return;
      }
      int named = Short.toUnsignedInt(fixed.getShort(28)) + Short.toUnsignedInt(fixed.getShort(30));
      int comment = Short.toUnsignedInt(fixed.getShort(32));
      long next = at + ZipEntry.CENTRAL_LENGTH + named + comment;
      if (next > place.end()) {
        break;
      }
      ByteBuffer header = ByteBuffer.allocate(ZipEntry.CENTRAL_LENGTH).order(fixed.order());
      header.put(fixed.duplicate()).flip();
      ZipEntry entry = ZipEntry.central(header, buffered.at(at + ZipEntry.CENTRAL_LENGTH, named));
      // An offset that is out of range fails when its header is read.
      entries.add(
          new ZipEntry(
              entry.name(),
              entry.flags(),
              entry.method(),
              entry.checksum(),
              entry.compressedSize(),
              entry.size(),
              entry.offset() < 0 ? -1 : entry.offset() + place.base(),
              entry.otherName()));
      number++;
      length += next - at;
      at = next;
    }
    extents.add(new Extent(place.at(), at));
    if (at < place.end()) {
      isBroken = true;
    }
    if (number != place.entries()) {
      ambiguities.add("it says that it has " + place.entries() + " entries and has " + number);
    }
  }

  /** Reads forward in blocks. */
  private final class Buffered {
    private ByteBuffer block = ByteBuffer.allocate(0);
    private long blockAt;

    ByteBuffer at(long at, int length) throws IOException {
      long offset = at - blockAt;
      if (offset < 0 || offset + length > block.capacity()) {
        int size = (int) Math.min(Math.max(BUFFER_SIZE, length), parts.size() - at);
        block = Window.bytes(parts, at, size);
        blockAt = at;
        offset = 0;
      }
      return block.slice((int) offset, length).order(block.order());
    }
  }
}
