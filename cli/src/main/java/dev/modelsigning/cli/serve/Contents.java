package dev.modelsigning.cli.serve;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.SmallFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/**
 * What files contain at a moment, to notice that they changed. Times and sizes are not compared: a
 * volume of Kubernetes may have the same after a change.
 */
final class Contents {

  private Contents() {}

  /** A hash of the files' contents, or of why one cannot be read. */
  static String of(Collection<Path> files) {
    MessageDigest hash = sha256();
    for (Path file : files) {
      byte[] content;
      try {
        content = SmallFile.read(file, FileKind.REVOCATION_LIST); // the largest of them
      } catch (IOException e) {
        // Whoever needs the file reports why; here it only is another state of it.
        content = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
      }
      hash.update(sha256().digest(content));
    }
    return HexFormat.of().formatHex(hash.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
