package dev.modelsigning.keyfile;

import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;

/** Reads the blocks of a PEM file (RFC 7468); text between them is passed over. */
final class PemFile {

  private static final int MAX_SIZE = 1024 * 1024;

  private PemFile() {}

  /**
   * The text of a key file.
   *
   * @throws IOException if it cannot be read or is too large for a key
   */
  static String text(Path file) throws IOException {
    return text(bytes(file, "key file", MAX_SIZE));
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /**
   * The content of a file. It is read once, so it may be a pipe.
   *
   * @param kind what the file should be, for messages
   * @param maxSize more bytes are refused
   * @throws IOException if it cannot be read or is too large
   */
  static byte[] bytes(Path file, String kind, int maxSize) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FileSystemException(file.toString(), null, "is a directory, expected a " + kind);
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      byte[] bytes = Channels.newInputStream(channel).readNBytes(maxSize + 1);
      if (bytes.length > maxSize) {
        throw new FileSystemException(
            file.toString(),
            null,
            "is larger than " + maxSize + " bytes, which no " + kind + " is");
      }
      return bytes;
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) {
      throw new FileSystemException(file.toString(), null, "cannot be read: " + e.getMessage());
    }
  }

  /**
   * The blocks of a file, in order.
   *
   * @throws PemException if a block is damaged
   */
  static List<PemObject> blocks(String text) throws PemException {
    List<PemObject> blocks = new ArrayList<>();
    try (PemReader reader = new PemReader(new StringReader(text))) {
      for (PemObject block = reader.readPemObject();
          block != null;
          block = reader.readPemObject()) {
        blocks.add(block);
      }
    } catch (IOException | RuntimeException e) {
      throw new PemException("a PEM block in the file is damaged", e);
    }
    return blocks;
  }
}
