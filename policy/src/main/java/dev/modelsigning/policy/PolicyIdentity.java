package dev.modelsigning.policy;

/**
 * Which policy decided.
 *
 * @param file its file, for display
 * @param sha256 SHA-256 of its bytes, in lower-case hexadecimal
 */
public record PolicyIdentity(String file, String sha256) {

  /** The digest with the name of its algorithm. */
  public String digest() {
    return "sha256:" + sha256;
  }
}
