package dev.modelsigning.dist;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system requirements of a native file of the runtime.
 *
 * @param needed the names of libraries, as {@code DT_NEEDED} has them
 * @param libc the newest version of glibc that it names, such as 17 for 2.17; 0 if none
 */
record ElfFile(List<String> needed, int libc) {

  private static final int DYNAMIC = 2;
  private static final int LOAD = 1;
  private static final long NEEDED = 1;
  private static final long STRING_TABLE = 5;
  private static final Pattern LIBC = Pattern.compile("GLIBC_2\\.(\\d{1,3})");

  /** Reads a file; empty if it is not 64-bit ELF in this byte order. */
  static Optional<ElfFile> read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length < 64
        || bytes[0] != 0x7f
        || bytes[1] != 'E'
        || bytes[2] != 'L'
        || bytes[3] != 'F'
        || bytes[4] != 2
        || bytes[5] != 1) {
      return Optional.empty();
    }
    ByteBuffer elf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int headers = (int) elf.getLong(32);
    int size = Short.toUnsignedInt(elf.getShort(54));
    int count = Short.toUnsignedInt(elf.getShort(56));
    TreeSet<String> needed = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      int header = headers + i * size;
      if (elf.getInt(header) == DYNAMIC) {
        int from = (int) elf.getLong(header + 8);
        int to = from + (int) elf.getLong(header + 32);
        int strings = 0;
        for (int at = from; at < to; at += 16) {
          if (elf.getLong(at) == STRING_TABLE) {
            strings = offset(elf, headers, size, count, elf.getLong(at + 8));
          }
        }
        for (int at = from; at < to; at += 16) {
          if (elf.getLong(at) == NEEDED) {
            needed.add(text(bytes, strings + (int) elf.getLong(at + 8)));
          }
        }
      }
    }
    int newest = 0;
    Matcher versions = LIBC.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    while (versions.find()) {
      newest = Math.max(newest, Integer.parseInt(versions.group(1)));
    }
    return Optional.of(new ElfFile(List.copyOf(needed), newest));
  }

  /** The offset in the file of a virtual address. */
  private static int offset(ByteBuffer elf, int headers, int size, int count, long address)
      throws IOException {
    for (int i = 0; i < count; i++) {
      int header = headers + i * size;
      long from = elf.getLong(header + 16);
      if (elf.getInt(header) == LOAD
          && address >= from
          && address < from + elf.getLong(header + 32)) {
        return (int) (address - from + elf.getLong(header + 8));
      }
    }
    throw new IOException("an ELF file has its strings nowhere");
  }

  private static String text(byte[] bytes, int from) {
    int to = from;
    while (bytes[to] != 0) {
      to++;
    }
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }
}
