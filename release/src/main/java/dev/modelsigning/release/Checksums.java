package dev.modelsigning.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The SHA-256 digests of the files of a release. */
final class Checksums {

  static final String FILE = "SHA256SUMS";

  /**
   * The same as in release/verify: names with the same meaning in a shell, a checksum file and any
   * file system.
   */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+~-]*(/[A-Za-z0-9][A-Za-z0-9._+~-]*)*");

  private Checksums() {}

  /**
   * The digest of every file in a directory by its name, in the order of {@code LC_ALL=C sort}.
   *
   * @throws ReleaseException if a file has a name that a release must not contain, or is not a
   *     regular file
   */
  static SortedMap<String, String> of(Path directory) throws IOException, ReleaseException {
    SortedMap<String, String> digests = new TreeMap<>();
    for (Path file : Trees.files(directory)) {
      String name = directory.relativize(file).toString().replace('\\', '/');
      if (!NAME.matcher(name).matches()) {
        throw new ReleaseException("a release must not contain a file of this name: " + name);
      }
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new ReleaseException("a release must contain regular files only, found " + name);
      }
      digests.put(name, sha256(file));
    }
    return digests;
  }

  /** Writes {@code SHA256SUMS}, for {@code sha256sum -c}, of all files in the directory. */
  static void write(Path directory) throws IOException, ReleaseException {
    StringBuilder lines = new StringBuilder();
    of(directory)
        .forEach((name, digest) -> lines.append(digest).append("  ").append(name).append('\n'));
    Files.writeString(directory.resolve(FILE), lines);
  }

  private static String sha256(Path file) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
