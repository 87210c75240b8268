package dev.modelsigning.sigstore.internal.message;

/**
 * A value of an enumeration as it is written: its name, or its number, which some writers put in
 * quotation marks.
 *
 * @param name the name; something else if it is a number
 * @param number the number; negative if it is a name
 */
record EnumText(String name, long number) {

  static EnumText of(long number) {
    return new EnumText("", number);
  }

  /**
   * Takes a name, or a number in quotation marks.
   *
   * @throws NumberFormatException if it begins like a number, and is not an integer
   */
  static EnumText of(String text) {
    return text.isEmpty() || Character.isLetter(text.charAt(0)) || text.charAt(0) == '_'
        ? new EnumText(text, -1)
        : of(Integer.parseInt(text));
  }

  /** Whether this is a value. */
  boolean is(String value, int itsNumber) {
    return name.equals(value) || number == itsNumber;
  }
}
