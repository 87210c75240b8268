package dev.modelsigning.content.internal.found;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file of a model, or a part of one such as an entry of a zip file, with its first bytes, for the
 * choice of a reader.
 */
public final class FileStart {

  private static final int MAX_PREFIX = 200;

  private final String file;
  private final Optional<String> part;
  private final long size;
  private final ByteBuffer start;
  private final String baseName;
  private final String ending;
  private final boolean isZip;
  private @Nullable Budget budget;

  private FileStart(
      String file, Optional<String> part, long size, ByteBuffer start, @Nullable Budget budget) {
    this.budget = budget;
    this.file = file;
    this.part = part;
    this.size = size;
    this.start = start;
    // Programs that unpack a zip file on Windows accept both separators.
    String path = part.map(name -> name.replace('\\', '/')).orElse(file);
    this.baseName = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    int dot = baseName.lastIndexOf('.');
    this.ending = dot < 0 ? "" : baseName.substring(dot + 1);
    this.isZip = false;
  }

  private FileStart(FileStart other, boolean isZip) {
    this.file = other.file;
    this.part = other.part;
    this.size = other.size;
    this.start = ByteBuffer.allocate(0);
    this.baseName = other.baseName;
    this.ending = other.ending;
    this.isZip = isZip;
    this.budget = other.budget();
  }

  /** Returns the start of a file of a model. */
  public static FileStart of(String file, long size, ByteBuffer start) {
    return new FileStart(file, Optional.empty(), size, start, null);
  }

  /**
   * Returns the start of a part of this file, or of this part.
   *
   * @param name the name of the part, which is appended to the name of this one
   * @param size its length in bytes, or -1 if unknown
   * @param start its first bytes
   */
  public FileStart part(String name, long size, ByteBuffer start) {
    return new FileStart(
        file,
        Optional.of(part.isEmpty() ? name : prefix(part.get()) + "!/" + name),
        size,
        start,
        budget());
  }

  /** The prefix for names of nested parts, shortened: each entry of a nested file has it. */
  private static String prefix(String name) {
    return name.length() <= MAX_PREFIX
        ? name
        : "..." + name.substring(name.length() - MAX_PREFIX + 3);
  }

  /** The file, by its name in the manifest. */
  public String file() {
    return file;
  }

  /** The part of the file. */
  public Optional<String> part() {
    return part;
  }

  /** The length in bytes, or -1 if unknown. */
  public long size() {
    return size;
  }

  /** Its name without directories, in lower case. */
  public String baseName() {
    return baseName;
  }

  /** The extension after the last dot of its name, in lower case; empty if there is none. */
  public String ending() {
    return ending;
  }

  /**
   * Returns the start of the content of this compressed file, whose name may have an extension for
   * the compression.
   *
   * @param bytes the first inflated bytes
   */
  public FileStart inflated(ByteBuffer bytes) {
    String path = part.orElse(file);
    int dot = path.lastIndexOf('.');
    boolean hasOwnEnding =
        switch (ending) {
          case "gz", "gzip", "z", "zlib" -> true;
          default -> false;
        };
    String name = hasOwnEnding ? path.substring(0, dot) : path;
    // The name within the file is reported as a part, to show that there is one.
    return new FileStart(file, Optional.of(name), -1, bytes, budget());
  }

  /** The remaining limits for the file with all its parts. */
  public Budget budget() {
    if (budget == null) {
      budget = new Budget();
    }
    return budget;
  }

  /** Whether it is already inflated, so that its length is unknown. */
  public boolean isNested() {
    return size < 0;
  }

  /** The same without its first bytes, to be kept. */
  public FileStart withoutStart() {
    return new FileStart(this, isZip());
  }

  /** Whether it begins like a zip file, or has such a name. */
  public boolean isZip() {
    return isZip
        || magic() == 0x504b0304
        || switch (ending) {
          case "zip", "npz", "keras", "jar", "war", "whl", "egg", "mar", "ptz", "pyz" -> true;
          default -> false;
        };
  }

  /** The number of known first bytes. */
  public int known() {
    return start.remaining();
  }

  /** One of the first bytes, 0 to 255; -1 if it is not known. */
  public int at(int index) {
    return index < start.remaining() ? start.get(start.position() + index) & 0xff : -1;
  }

  /** The first four bytes as a big-endian number, with 0 for missing bytes. */
  public int magic() {
    int magic = 0;
    for (int i = 0; i < 4; i++) {
      magic = magic << 8 | Math.max(0, at(i));
    }
    return magic;
  }

  /**
   * Whether these bytes are at an index.
   *
   * @param index index of the first one
   * @param text the bytes, as characters up to U+00FF
   */
  public boolean has(int index, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      if (at(index + i) != (bytes[i] & 0xff)) {
        return false;
      }
    }
    return true;
  }
}
