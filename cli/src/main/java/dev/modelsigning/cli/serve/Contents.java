package dev.modelsigning.cli.serve;

import dev.modelsigning.internal.file.FileKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * What files contain at a moment, to notice that they changed. Times and sizes are not compared: a
 * volume of Kubernetes may have the same after a change.
 */
final class Contents {

  /** More than a signer can have; whoever loads them refuses so many. */
  private static final int MOST_ENTRIES = 10_000;

  /** The size of the largest of them, and a byte more, by which it is refused. */
  private static final long MOST_BYTES = FileKind.REVOCATION_LIST.maxSize() + 1L;

  private Contents() {}

  /**
   * A hash of the files' contents, or of why one cannot be read; of a directory, such as one with
   * the keys of a signer, of the names and contents of what is in it. Links are followed.
   */
  static String of(Collection<Path> files) {
    MessageDigest hash = sha256();
    for (Path file : files) {
      hash.update(Files.isDirectory(file) ? directory(file) : file(file));
    }
    return HexFormat.of().formatHex(hash.digest());
  }

  private static byte[] directory(Path directory) {
    MessageDigest hash = sha256();
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      for (Path entry : found) {
        if (entries.size() == MOST_ENTRIES) {
          return text("too many");
        }
        entries.add(entry);
      }
    } catch (DirectoryIteratorException | IOException e) {
      return reason(e);
    }
    entries.sort(Comparator.naturalOrder());
    for (Path entry : entries) {
      hash.update(text(entry.getFileName().toString()));
      hash.update(file(entry));
    }
    return hash.digest();
  }

  private static byte[] file(Path file) {
    MessageDigest hash = sha256();
    try {
      if (!Files.isRegularFile(file)) {
        throw new FileSystemException(file.toString(), null, "is missing, or no file");
      }
      try (InputStream content = Files.newInputStream(file)) {
        byte[] block = new byte[1 << 16];
        long left = MOST_BYTES;
        int read;
        while (left > 0 && (read = content.read(block)) > 0) {
          hash.update(block, 0, read);
          left -= read;
        }
      }
    } catch (IOException e) {
      return reason(e);
    }
    return hash.digest();
  }

  /** Whoever needs a file reports why it cannot be read; here that only is another state of it. */
  private static byte[] reason(Exception e) {
    return text(String.valueOf(e.getMessage()));
  }

  private static byte[] text(String text) {
    return sha256().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
