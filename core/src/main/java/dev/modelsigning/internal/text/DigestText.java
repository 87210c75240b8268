package dev.modelsigning.internal.text;

/** What is wrong with the text of a digest (OMS 6.3.1), in words. */
public final class DigestText {

  /** It has other characters. */
  public static final String NOT_HEXADECIMAL = "a digest is written in lower-case hexadecimal";

  private DigestText() {}

  /**
   * It has more or fewer digits.
   *
   * @param algorithm the name of the algorithm
   * @param expected how many digits a digest has
   * @param found how many this one has
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
