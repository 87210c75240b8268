package dev.modelsigning.policy;

import java.util.regex.Pattern;

/**
 * Which policy decided.
 *
 * @param file its file, for display
 * @param sha256 SHA-256 of its bytes, in lower-case hexadecimal
 */
public record PolicyIdentity(String file, String sha256) {

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-fA-F]{64}");

  /** Whether a text is the digest of a policy: {@code sha256:} and 64 hexadecimal digits. */
  public static boolean isDigest(String text) {
    return DIGEST.matcher(text).matches();
  }

  /** The digest with the name of its algorithm. */
  public String digest() {
    return "sha256:" + sha256;
  }
}
