package dev.modelsigning.content.internal.archive;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Compares the fields of an entry in the central directory with its local header. */
final class HeaderDifference {

  private static final int UTF_8 = 1 << 11;

  private HeaderDifference() {}

  /** The differences; null if there are no relevant ones. */
  static @Nullable String of(ZipEntry central, ZipEntry local) {
    if (!Arrays.equals(central.name(), local.name())) {
      return "its local header has another name: " + local.text();
    }
    if (central.otherName() || local.otherName()) {
      return "an extra field has another name";
    }
    if (central.method() != local.method()) {
      return differ("method", central.method(), local.method());
    }
    if (central.isEncrypted() != local.isEncrypted()) {
      return "one of its headers says that it is encrypted";
    }
    if (central.hasDescriptor() != local.hasDescriptor()) {
      return "one of its headers says that its sizes follow it";
    }
    if (((central.flags() ^ local.flags()) & UTF_8) != 0 && !central.isNameAscii()) {
      return "one of its headers says that its name is UTF-8";
    }
    boolean maySkip = local.hasDescriptor();
    if (isOther(central.compressedSize(), local.compressedSize(), maySkip)) {
      return differ("compressed size", central.compressedSize(), local.compressedSize());
    }
    if (isOther(central.size(), local.size(), maySkip)) {
      return differ("size", central.size(), local.size());
    }
    if (isOther(
        Integer.toUnsignedLong(central.checksum()),
        Integer.toUnsignedLong(local.checksum()),
        maySkip)) {
      return "its headers have different checksums";
    }
    boolean isPlain = central.method() == ZipEntry.STORED && !central.isEncrypted();
    if (isPlain && central.compressedSize() != central.size()) {
      return "it is not compressed, and has two sizes";
    }
    return null;
  }

  /** Whether programs that use the local header read other bytes, or interpret them differently. */
  static boolean isOfContent(ZipEntry central, ZipEntry local) {
    return !Arrays.equals(central.name(), local.name())
        || central.method() != local.method()
        || central.isEncrypted() != local.isEncrypted()
        || isOther(central.compressedSize(), local.compressedSize(), local.hasDescriptor());
  }

  /**
   * Headers that were written before the data contain 0, or all bits set if the field is too small.
   */
  private static boolean isOther(long central, long local, boolean maySkip) {
    return central != local && !(maySkip && (local == 0 || local == 0xffff_ffffL));
  }

  private static String differ(String what, long central, long local) {
    return "the directory of the zip file has the "
        + what
        + " "
        + central
        + ", its local header "
        + local;
  }
}
