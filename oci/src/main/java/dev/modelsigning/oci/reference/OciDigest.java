package dev.modelsigning.oci.reference;

import dev.modelsigning.internal.json.Printable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The SHA-256 digest of content in a registry, written {@code sha256:} and 64 lower-case
 * hexadecimal digits (OCI image specification, "Digests"). Other algorithms are refused: no
 * registry of today needs them, and what a signature covers is compared by SHA-256.
 */
public final class OciDigest {

  private static final String ALGORITHM = "sha256";
  private static final String PREFIX = ALGORITHM + ":";
  private static final int DIGITS = 64;
  private static final Pattern HEXADECIMAL = Pattern.compile("[0-9a-f]{64}");

  /** The names of other algorithms (OCI image specification, "Digests"). */
  private static final Pattern OTHER =
      Pattern.compile("[a-z0-9]{1,32}([+._-][a-z0-9]{1,32}){0,3}:[A-Za-z0-9=_-]{1,512}");

  private final String hex;

  private OciDigest(String hex) {
    this.hex = hex;
  }

  /** The digest of these bytes. */
  public static OciDigest of(byte[] content) {
    try {
      return ofHash(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * The digest with these bytes.
   *
   * @param hash the 32 bytes of the SHA-256 digest
   * @throws IllegalArgumentException if there are not 32
   */
  public static OciDigest ofHash(byte[] hash) {
    if (hash.length * 2 != DIGITS) {
      throw new IllegalArgumentException(
          "a SHA-256 digest has " + DIGITS / 2 + " bytes, this one has " + hash.length);
    }
    return new OciDigest(HexFormat.of().formatHex(hash));
  }

  /**
   * Reads a digest.
   *
   * @param text as in {@code sha256:44136f...}
   * @throws IllegalArgumentException if it is not a SHA-256 digest in this form; the message says
   *     what is expected
   */
  public static OciDigest parse(String text) {
    String digits = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "";
    if (HEXADECIMAL.matcher(digits).matches()) {
      return new OciDigest(digits);
    }
    if (!text.startsWith(PREFIX) && OTHER.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "digests of "
              + text.substring(0, text.indexOf(':'))
              + " are not supported, only those of sha256; found "
              + Printable.quote(text));
    }
    throw new IllegalArgumentException(
        "expected a digest, 'sha256:' and "
            + DIGITS
            + " lower-case hexadecimal digits, found "
            + Printable.quote(text));
  }

  /** The 32 bytes of the digest. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  /** The 64 hexadecimal digits. */
  public String hex() {
    return hex;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OciDigest that && hex.equals(that.hex);
  }

  @Override
  public int hashCode() {
    return hex.hashCode();
  }

  /** As in {@code sha256:44136f...}. */
  @Override
  public String toString() {
    return PREFIX + hex;
  }
}
