package dev.modelsigning.internal.text;

/** Messages for malformed digests (OMS 6.3.1). */
public final class DigestText {

  /** The message for characters that are not lower-case hexadecimal digits. */
  public static final String NOT_HEXADECIMAL = "a digest is written in lower-case hexadecimal";

  private DigestText() {}

  /**
   * The message for a wrong number of digits.
   *
   * @param algorithm the name of the algorithm
   * @param expected the number of digits of a digest
   * @param found the number of digits of this one
   */
  public static String wrongLength(String algorithm, int expected, int found) {
    return "a "
        + algorithm
        + " digest has "
        + expected
        + " hexadecimal digits, this one has "
        + found;
  }
}
