package dev.modelsigning.bundle;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.FileTooLargeException;
import dev.modelsigning.internal.file.SmallFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A bundle that was read from a file. The file is read once, so the digest covers the same bytes
 * that were parsed.
 *
 * @param file the file
 * @param bundle the bundle in it
 * @param size its length in bytes
 * @param sha256 its SHA-256, in lower-case hexadecimal
 */
public record StoredBundle(Path file, Bundle bundle, long size, String sha256) {

  /**
   * Reads a bundle from a file.
   *
   * @param file the file
   * @throws IOException if the file cannot be read
   * @throws MalformedBundleException if it is not a valid bundle, or larger than {@link
   *     Bundle#MAX_SIZE}
   */
  public static StoredBundle read(Path file) throws IOException, MalformedBundleException {
    try {
      return SmallFile.parse(file, FileKind.BUNDLE, (content, size) -> read(file, content, size));
    } catch (FileTooLargeException e) {
      throw new MalformedBundleException("bundle: is larger than " + Bundle.MAX_SIZE + " bytes", e);
    }
  }

  private static StoredBundle read(Path file, InputStream content, long size)
      throws IOException, MalformedBundleException {
    DigestInputStream digested = new DigestInputStream(content, function());
    Bundle bundle = BundleJson.read(digested, size);
    // The digest covers the whole file, including bytes that the parser does not read.
    digested.transferTo(OutputStream.nullOutputStream());
    String digest = HexFormat.of().formatHex(digested.getMessageDigest().digest());
    return new StoredBundle(file, bundle, size, digest);
  }

  private static MessageDigest function() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
