package dev.modelsigning.bundle;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.FileTooLargeException;
import dev.modelsigning.internal.file.SmallFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bundle that was read from a file, or from a registry. It is read once, so the digest covers the
 * same bytes that were parsed. {@linkplain LaterTimestamps Time stamps of the file} are read with
 * it.
 *
 * @param location where it is, for display: a path or a URI
 * @param file the file; empty if it is not in a file system
 * @param bundle the bundle in it
 * @param size its length in bytes
 * @param sha256 its SHA-256, in lower-case hexadecimal
 */
public record StoredBundle(
    String location, Optional<Path> file, Bundle bundle, long size, String sha256) {

  /** The first line of a PEM file (RFC 7468). */
  private static final Pattern BEGIN = Pattern.compile("\\s*-----BEGIN ([A-Z0-9 ]{1,40})-----");

  private static final int LONGEST_BEGIN = 64;

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

  /**
   * Reads a bundle that is not in a file.
   *
   * @param location where it is, for display
   * @param content its bytes
   * @throws MalformedBundleException if it is not a valid bundle
   */
  public static StoredBundle of(String location, byte[] content) throws MalformedBundleException {
    try {
      return read(location, Optional.empty(), new ByteArrayInputStream(content), content.length);
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory can be read", e);
    }
  }

  private static StoredBundle read(Path file, InputStream content, long size)
      throws IOException, MalformedBundleException {
    return read(file.toString(), Optional.of(file), content, size);
  }

  private static StoredBundle read(
      String location, Optional<Path> file, InputStream content, long size)
      throws IOException, MalformedBundleException {
    DigestInputStream digested = new DigestInputStream(content, function());
    PushbackInputStream json = new PushbackInputStream(digested, LONGEST_BEGIN);
    byte[] start = json.readNBytes(LONGEST_BEGIN);
    requireNoPem(start);
    requireNoDer(start);
    json.unread(start);
    Bundle bundle = BundleJson.read(json, size);
    // The digest covers the whole file, including bytes that the parser does not read.
    digested.transferTo(OutputStream.nullOutputStream());
    MessageDigest function = digested.getMessageDigest();
    String digest = HexFormat.of().formatHex(LaterTimestamps.digest(function));
    if (file.isPresent()) {
      bundle = bundle.withLaterTimestamps(LaterTimestamps.beside(file.get(), function));
    }
    return new StoredBundle(location, file, bundle, size, digest);
  }

  /** Says so if a key or a certificate was given as signature: both are files of the signer. */
  private static void requireNoPem(byte[] start) throws MalformedBundleException {
    Matcher begin = BEGIN.matcher(new String(start, StandardCharsets.ISO_8859_1));
    if (begin.lookingAt()) {
      throw new MalformedBundleException(
          "bundle: expected JSON, found PEM with '"
              + begin.group(1)
              + "'; the signature is the file that 'sign' wrote, often model.sig");
    }
  }

  /** Says so if the time stamps beside a signature were given as the signature. */
  private static void requireNoDer(byte[] start) throws MalformedBundleException {
    // A SEQUENCE of more than 127 bytes, which no JSON begins with.
    if (start.length > 1 && start[0] == '0' && (start[1] & 0x80) != 0) {
      throw new MalformedBundleException(
          "bundle: expected JSON, found DER, as in model.sig.tst with the time stamps of a"
              + " signature; name the signature itself, which is read together with them");
    }
  }

  private static MessageDigest function() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
