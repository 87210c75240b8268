package dev.modelsigning.bundle;

import dev.modelsigning.internal.file.FileKind;
import dev.modelsigning.internal.file.FileTooLargeException;
import dev.modelsigning.internal.file.SmallFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1InputStream;

/**
 * Time stamps that were made of a whole bundle file after it was written. They are kept in a file
 * beside it, since a bundle with a certificate must not contain times at which that certificate was
 * no longer valid. The file has one time-stamp token (RFC 3161, in DER) after the other, each over
 * the SHA-256 of the bundle file followed by all tokens before it. They are read and not verified.
 *
 * @param location where they are, for display; empty if there are none
 * @param stamps the time stamps, in the order of the file
 * @param problem why the file, or the rest of it, cannot be read as time stamps
 * @param next the SHA-256 that another one must cover: of the bundle's file and all of these; empty
 *     if there are none, or not all can be read
 */
public record LaterTimestamps(
    String location, List<Stamp> stamps, Optional<String> problem, Optional<Bytes> next) {

  /** There are none. */
  public static final LaterTimestamps NONE =
      new LaterTimestamps("", List.of(), Optional.empty(), Optional.empty());

  /** What is appended to the name of the bundle's file. */
  public static final String SUFFIX = ".tst";

  /** The most that are read: more than are made in a century. */
  public static final int MOST = 20;

  private static final int LARGEST = 1024 * 1024;

  /**
   * A time stamp.
   *
   * @param token the token in DER
   * @param sha256 the SHA-256 of the bytes that it must cover
   */
  public record Stamp(Bytes token, Bytes sha256) {}

  /** Copies the list. */
  public LaterTimestamps {
    stamps = List.copyOf(stamps);
  }

  /** Whether there is neither a time stamp nor a file that should have some. */
  public boolean isEmpty() {
    return stamps.isEmpty() && problem.isEmpty();
  }

  /** The file with the time stamps of a bundle's file, which need not exist. */
  public static Path file(Path bundle) {
    return bundle.resolveSibling(bundle.getFileName() + SUFFIX);
  }

  /**
   * Reads the time stamps beside a bundle's file. Each is at most 1 MiB, all together 4 MiB.
   *
   * @param bundle the bundle's file
   * @param digest the SHA-256 function after all bytes of that file; it is changed
   * @throws IOException if there is such a file that cannot be read
   */
  static LaterTimestamps beside(Path bundle, MessageDigest digest) throws IOException {
    Path file = file(bundle);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return NONE;
    }
    try {
      return read(file.toString(), SmallFile.read(file, FileKind.TIMESTAMPS), digest);
    } catch (FileTooLargeException e) {
      return new LaterTimestamps(
          file.toString(),
          List.of(),
          Optional.of(String.valueOf(e.getMessage())),
          Optional.empty());
    }
  }

  /**
   * Splits the content of the file.
   *
   * @param digest the SHA-256 function after all bytes of the bundle's file; it is changed
   */
  private static LaterTimestamps read(String location, byte[] content, MessageDigest digest) {
    List<Stamp> stamps = new ArrayList<>();
    ByteArrayInputStream unread = new ByteArrayInputStream(content);
    try (ASN1InputStream tokens = new ASN1InputStream(unread, LARGEST, true)) {
      int begin = 0;
      while (tokens.readObject() != null) {
        if (stamps.size() == MOST) {
          return damaged(location, stamps, "it has more than " + MOST + " time stamps");
        }
        int end = content.length - unread.available();
        byte[] token = Arrays.copyOfRange(content, begin, end);
        stamps.add(new Stamp(Bytes.of(token), next(digest).orElseThrow()));
        digest.update(token);
        begin = end;
      }
      return stamps.isEmpty()
          ? damaged(location, stamps, "it is empty")
          : new LaterTimestamps(location, stamps, Optional.empty(), next(digest));
    } catch (IOException | RuntimeException e) {
      // The ASN.1 parser throws various unchecked exceptions for malformed input.
      return damaged(location, stamps, "it is not a time-stamp token in DER (RFC 3161)");
    }
  }

  private static LaterTimestamps damaged(String location, List<Stamp> stamps, String problem) {
    return new LaterTimestamps(location, stamps, Optional.of(problem), Optional.empty());
  }

  private static Optional<Bytes> next(MessageDigest digest) {
    return Optional.of(Bytes.of(digest(digest)));
  }

  /** The digest of what was read until now; computing goes on after it. */
  static byte[] digest(MessageDigest function) {
    try {
      return ((MessageDigest) function.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the SHA-256 of every Java platform can be copied", e);
    }
  }
}
