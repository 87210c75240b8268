package dev.modelsigning.vectors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Archives of models that do not survive in every checkout: with odd names, links, or git's own
 * paths. Of the form ustar (POSIX.1-1988) only files and symbolic links with short names.
 */
final class TarFile {

  private static final int BLOCK = 512;
  private static final int NAME_LENGTH = 100;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Adds a file. */
  TarFile file(String name, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    header(name, '0', "", bytes.length);
    out.writeBytes(bytes);
    out.writeBytes(new byte[(BLOCK - bytes.length % BLOCK) % BLOCK]);
    return this;
  }

  /** Adds a symbolic link. */
  TarFile link(String name, String target) {
    header(name, '2', target, 0);
    return this;
  }

  private void header(String name, char type, String target, int size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name, NAME_LENGTH);
    put(header, 100, type == '2' ? "0000777" : "0000644", 8);
    put(header, 108, "0000000", 8);
    put(header, 116, "0000000", 8);
    put(header, 124, String.format("%011o", size), 12);
    put(header, 136, "00000000000", 12);
    put(header, 148, "        ", 8);
    header[156] = (byte) type;
    put(header, 157, target, NAME_LENGTH);
    put(header, 257, "ustar", 6);
    put(header, 263, "00", 2);
    int sum = 0;
    for (byte each : header) {
      sum += Byte.toUnsignedInt(each);
    }
    put(header, 148, String.format("%06o", sum) + "\0 ", 8);
    out.writeBytes(header);
  }

  private static void put(byte[] header, int offset, String text, int length) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > length) {
      throw new IllegalArgumentException(text);
    }
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }

  /** Writes the archive. */
  void write(Path file) throws IOException {
    out.writeBytes(new byte[2 * BLOCK]);
    Files.write(file, out.toByteArray());
  }

  /** Unpacks an archive into a new directory. */
  static void unpack(Path archive, Path directory) throws IOException {
    Files.createDirectory(directory);
    byte[] bytes = Files.readAllBytes(archive);
    for (int at = 0; bytes[at] != 0; ) {
      Path path = directory.resolve(text(bytes, at, NAME_LENGTH));
      int size = Integer.parseInt(text(bytes, at + 124, 12), 8);
      Files.createDirectories(path.getParent());
      if (bytes[at + 156] == '2') {
        Files.createSymbolicLink(path, Path.of(text(bytes, at + 157, NAME_LENGTH)));
      } else {
        Files.write(path, Arrays.copyOfRange(bytes, at + BLOCK, at + BLOCK + size));
      }
      at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
    }
  }

  private static String text(byte[] bytes, int offset, int length) {
    int end = offset;
    while (end < offset + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
  }
}
