package dev.modelsigning.content.internal.archive;

import dev.modelsigning.content.internal.found.Budget;
import dev.modelsigning.facts.FileParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directories at the end of a zip file. There should be one; programs differ in which they take
 * if there are several, or if a record for large files says something else than the usual one.
 */
final class ZipDirectory {

  /** How many end records are looked at. */
  static final int MAX_DIRECTORIES = 4;

  /** How long a directory is read. */
  static final int MAX_LENGTH = 32 << 20;

  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int LARGE_LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LARGE_LOCATOR_LENGTH = 20;
  private static final int LARGE_END_SIGNATURE = 0x06064b50;
  private static final int LARGE_END_LENGTH = 56;

  private static final int BUFFER_SIZE = 64 * 1024;

  /**
   * Where a directory is.
   *
   * @param at where its first entry is
   * @param end where it must have ended
   * @param base what is to be added to positions, as something stands before the zip file
   * @param entries how many entries it is said to have
   */
  private record Place(long at, long end, long base, long entries) {}

  private final FileParts parts;
  private final Set<String> ambiguities = new LinkedHashSet<>();
  private final List<ZipEntry> entries = new ArrayList<>();
  private long start;
  private boolean isTooLarge;
  private boolean isBroken;
  private boolean isFound;

  private ZipDirectory(FileParts parts) {
    this.parts = parts;
    this.start = parts.size();
  }

  /** Reads the directories of a file. */
  static ZipDirectory read(FileParts parts) throws IOException {
    ZipDirectory directory = new ZipDirectory(parts);
    for (Place place : directory.places()) {
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

  /** Where the first one begins; the end of the file if there is none. */
  long start() {
    return start;
  }

  /** Why programs may differ. */
  Set<String> ambiguities() {
    return ambiguities;
  }

  /** Whether there are more entries than are looked at. */
  boolean isTooLarge() {
    return isTooLarge;
  }

  /** Whether an entry of a directory is none. */
  boolean isBroken() {
    return isBroken;
  }

  private Set<Place> places() throws IOException {
    Set<Place> places = new LinkedHashSet<>();
    int tail = (int) Math.min(parts.size(), END_LENGTH + 0xffff);
    if (tail < END_LENGTH) {
      return places;
    }
    long tailAt = parts.size() - tail;
    ByteBuffer bytes = Window.bytes(parts, tailAt, tail);
    int ends = 0;
    for (int i = tail - END_LENGTH; i >= 0; i--) {
      if (bytes.get(i) != 'P' || bytes.getInt(i) != END_SIGNATURE) {
        continue;
      }
      int commentEnd = i + END_LENGTH + Short.toUnsignedInt(bytes.getShort(i + 20));
      ends++;
      if (ends == 1 && commentEnd < tail) {
        ambiguities.add("bytes stand behind its end");
      } else if (commentEnd > tail) {
        ambiguities.add("its end record says more than there is");
      }
      if (ends <= MAX_DIRECTORIES) {
        addPlaces(places, bytes.slice(i, END_LENGTH).order(bytes.order()), tailAt + i);
      }
    }
    if (ends > 1) {
      ambiguities.add("it has " + ends + " end records");
      isTooLarge |= ends > MAX_DIRECTORIES;
    }
    return places;
  }

  private void addPlaces(Set<Place> places, ByteBuffer end, long at) throws IOException {
    isFound = true;
    int shortEntries = Short.toUnsignedInt(end.getShort(10));
    long size = Integer.toUnsignedLong(end.getInt(12));
    long offset = Integer.toUnsignedLong(end.getInt(16));
    boolean isLarge = shortEntries == 0xffff || size == 0xffff_ffffL || offset == 0xffff_ffffL;
    ByteBuffer large = largeEnd(at);
    if (large != null) {
      long largeAt = large.getLong(LARGE_END_LENGTH);
      add(places, largeAt, large.getLong(40), large.getLong(48), large.getLong(32));
      if (differ(shortEntries, 0xffff, large.getLong(32))
          || differ(size, 0xffff_ffffL, large.getLong(40))
          || differ(offset, 0xffff_ffffL, large.getLong(48))) {
        ambiguities.add("its two end records differ");
        add(places, at, size, offset, shortEntries);
      }
    } else {
      if (isLarge && offset == 0xffff_ffffL) {
        isBroken = true;
      }
      add(places, at, size, offset, shortEntries);
    }
  }

  private static boolean differ(long inShort, long elsewhere, long inLarge) {
    return inShort != elsewhere && inShort != inLarge;
  }

  /** The end record for large files, and behind it where it was found; null if there is none. */
  private @Nullable ByteBuffer largeEnd(long endAt) throws IOException {
    long locatorAt = endAt - LARGE_LOCATOR_LENGTH;
    if (locatorAt < LARGE_END_LENGTH) {
      return null;
    }
    ByteBuffer locator = Window.bytes(parts, locatorAt, LARGE_LOCATOR_LENGTH);
    if (locator.getInt(0) != LARGE_LOCATOR_SIGNATURE) {
      return null;
    }
    // Where it says, or right before, if something stands before the zip file.
    for (long at : new long[] {locator.getLong(8), locatorAt - LARGE_END_LENGTH}) {
      if (at >= 0 && at <= locatorAt - LARGE_END_LENGTH) {
        ByteBuffer end = Window.bytes(parts, at, LARGE_END_LENGTH);
        if (end.getInt(0) == LARGE_END_SIGNATURE) {
          ByteBuffer found = ByteBuffer.allocate(LARGE_END_LENGTH + 8).order(end.order()).put(end);
          return found.putLong(at).flip();
        }
      }
    }
    ambiguities.add("its end record for large files is missing");
    return null;
  }

  private void add(Set<Place> places, long end, long size, long offset, long number) {
    if (size < 0 || offset < 0 || size > end || offset > end - size) {
      isBroken = true;
      return;
    }
    long base = end - size - offset;
    if (base > 0) {
      ambiguities.add("positions in it count from another place than the beginning of the file");
    }
    places.add(new Place(offset + base, end, base, number));
  }

  private void readEntries(Place place) throws IOException {
    start = Math.min(start, place.at());
    long at = place.at();
    long number = 0;
    Buffered buffered = new Buffered();
    while (at + ZipEntry.CENTRAL_LENGTH <= place.end()) {
      ByteBuffer fixed = buffered.at(at, ZipEntry.CENTRAL_LENGTH);
      if (fixed.getInt(0) != ZipEntry.CENTRAL_SIGNATURE) {
        break;
      }
      if (entries.size() >= Budget.MAX_ENTRIES || at - place.at() > MAX_LENGTH) {
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
      // An offset that is no number of a file any more fails where its header is looked for.
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
      at = next;
    }
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
