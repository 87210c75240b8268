package dev.modelsigning.internal.tar;

import dev.modelsigning.internal.json.Printable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive from its start to its end: the formats of POSIX and GNU, files and directories
 * only. Links, devices, sparse files, global names and everything that is not defined is refused,
 * and so is anything after the end of the archive: programs differ in what they make of it.
 *
 * <p>Memory is bounded: names are at most {@value #MAX_NAME} bytes long, extended headers {@value
 * #MAX_EXTENSION}. Readers are not thread-safe.
 */
public final class TarReader {

  /** The largest number of bytes in a name. */
  public static final int MAX_NAME = 64 * 1024;

  /** The largest number of bytes in an extended header. */
  public static final int MAX_EXTENSION = 1024 * 1024;

  private static final long MAX_SIZE = 1L << 62;

  private final InputStream in;

  /** The bytes of the current entry that were not read. */
  private long left;

  /** The bytes between its end and the next header. */
  private int padding;

  private boolean ended;

  /**
   * Creates a reader.
   *
   * @param in the archive, not compressed; it is not closed
   */
  public TarReader(InputStream in) {
    this.in = in;
  }

  /**
   * Goes to the next entry, past what was not read of this one.
   *
   * @return the entry; empty at the end of the archive, after which all of it was read
   * @throws MalformedTarException if the archive is damaged or has something that is refused
   * @throws IOException if it cannot be read
   */
  public Optional<TarEntry> next() throws IOException {
    if (ended) {
      return Optional.empty();
    }
    Extensions extensions = new Extensions();
    while (true) {
      skipRest();
      byte[] block = block();
      if (block.length == 0 || TarHeader.isZero(block)) {
        extensions.requireNone();
        requireOnlyZeros();
        ended = true;
        return Optional.empty();
      }
      TarHeader header = TarHeader.of(block);
      switch (header.type()) {
        case 'x' -> extensions.records(PaxRecords.read(extension(header, MAX_EXTENSION)));
        case 'g' -> requireHarmless(PaxRecords.read(extension(header, MAX_EXTENSION)));
        case 'L' -> extensions.longName(extension(header, MAX_NAME));
        default -> {
          return Optional.of(entry(header, extensions));
        }
      }
    }
  }

  /**
   * Reads from the file that {@link #next} returned.
   *
   * @return the number of bytes, at least 1 if {@code length} is; -1 at the end of the file
   * @throws IOException if the archive ends before, or cannot be read
   */
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (left == 0) {
      return -1;
    }
    int read = in.read(into, offset, (int) Math.min(length, left));
    if (read < 0) {
      throw truncated();
    }
    left -= read;
    return read;
  }

  /** What headers before the one of an entry say about it. */
  private static final class Extensions {
    private Optional<PaxRecords> records = Optional.empty();
    private Optional<String> name = Optional.empty();

    void records(PaxRecords found) throws MalformedTarException {
      requireFirst(records);
      records = Optional.of(found);
    }

    void longName(byte[] bytes) throws MalformedTarException {
      requireFirst(name);
      int end = bytes.length > 0 && bytes[bytes.length - 1] == 0 ? bytes.length - 1 : bytes.length;
      name = Optional.of(TarHeader.decode(bytes, 0, end));
    }

    private static void requireFirst(Optional<?> earlier) throws MalformedTarException {
      if (earlier.isPresent()) {
        throw new MalformedTarException("has two extended headers for one entry");
      }
    }

    void requireNone() throws MalformedTarException {
      if (records.isPresent() || name.isPresent()) {
        throw new MalformedTarException("ends after an extended header");
      }
    }

    String name(TarHeader header) throws MalformedTarException {
      Optional<String> path = records.flatMap(PaxRecords::path);
      if (path.isPresent() && name.isPresent()) {
        throw new MalformedTarException("has two names for one entry");
      }
      String result = path.isPresent() ? path.get() : name.isPresent() ? name.get() : header.name();
      if (result.indexOf('\0') >= 0 || result.length() > MAX_NAME) {
        throw new MalformedTarException("has a name with a NUL character, or one that is too long");
      }
      return result;
    }

    long size(TarHeader header) throws MalformedTarException {
      Optional<Long> size = records.isPresent() ? records.get().size() : Optional.empty();
      return size.isPresent() ? size.get() : header.size();
    }
  }

  private TarEntry entry(TarHeader header, Extensions extensions) throws MalformedTarException {
    String name = extensions.name(header);
    long size = extensions.size(header);
    if (size > MAX_SIZE) {
      throw new MalformedTarException("expected a size of at most 2^62 bytes, found " + size);
    }
    String kind = refused(header.type());
    if (kind != null) {
      throw new MalformedTarException(
          "has "
              + kind
              + ", "
              + Printable.quote(name)
              + "; only files and directories can be part of a model");
    }
    boolean named = name.endsWith("/");
    boolean directory = header.type() == '5' || named;
    if (named && header.type() != '5' && size > 0) {
      throw new MalformedTarException(
          "has a file whose name ends with a slash, " + Printable.quote(name));
    }
    if (directory && size > 0) {
      throw new MalformedTarException("has a directory with content, " + Printable.quote(name));
    }
    begin(size);
    return new TarEntry(stripped(name, directory), directory, size);
  }

  /** What an entry of this type is, if it is neither a file nor a directory. */
  private static @Nullable String refused(char type) {
    return switch (type) {
      case '0', '\0', '7', '5' -> null;
      case '1' -> "a hard link";
      case '2' -> "a symbolic link";
      case '3', '4' -> "a device";
      case '6' -> "a FIFO";
      case 'S' -> "a sparse file";
      default -> "an entry of the type " + Printable.quote(String.valueOf(type));
    };
  }

  /** As {@code tar c .} writes names, they begin with {@code ./}. */
  private static String stripped(String name, boolean directory) {
    String result = name;
    if (directory && result.endsWith("/")) {
      result = result.substring(0, result.length() - 1);
    }
    if (directory && result.equals(".")) {
      return "";
    }
    return result.startsWith("./") ? result.substring(2) : result;
  }

  /** Global names and sizes would count for all entries, in some programs. */
  private static void requireHarmless(PaxRecords records) throws MalformedTarException {
    if (records.path().isPresent() || records.size().isPresent()) {
      throw new MalformedTarException("has a name or a size for all entries");
    }
  }

  private byte[] extension(TarHeader header, int max) throws IOException {
    long size = header.size();
    if (size > max) {
      throw new MalformedTarException(
          "expected at most " + max + " bytes in an extended header, found " + size);
    }
    byte[] content = in.readNBytes((int) size);
    if (content.length < size) {
      throw truncated();
    }
    begin(size);
    left = 0;
    return content;
  }

  private void begin(long size) {
    left = size;
    padding = (int) (-size & (TarHeader.SIZE - 1));
  }

  private void skipRest() throws IOException {
    long rest = left + padding;
    left = 0;
    padding = 0;
    try {
      in.skipNBytes(rest);
    } catch (EOFException e) {
      throw truncated();
    }
  }

  /** The next block; empty at the end of the stream. */
  private byte[] block() throws IOException {
    byte[] block = in.readNBytes(TarHeader.SIZE);
    if (block.length != 0 && block.length < TarHeader.SIZE) {
      throw truncated();
    }
    return block;
  }

  private void requireOnlyZeros() throws IOException {
    byte[] buffer = new byte[16 * TarHeader.SIZE];
    byte[] zeros = new byte[buffer.length];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      if (!Arrays.equals(buffer, 0, read, zeros, 0, read)) {
        throw new MalformedTarException(
            "has data after its end, which programs read differently; make the archive anew");
      }
    }
  }

  private static MalformedTarException truncated() {
    return new MalformedTarException("ends in the middle of an entry");
  }
}
