package dev.modelsigning.report;

import dev.modelsigning.internal.document.HtmlWriter;
import java.io.IOException;

/** The end of a list that is shortened. */
final class HtmlRest {

  private HtmlRest() {}

  /**
   * Writes the number of items of a list that are not listed, if there are any.
   *
   * @param what the items, in words that fit any number
   */
  static void write(long number, String what, HtmlWriter html) throws IOException {
    if (number > 0) {
      html.element(
              "p",
              "Not listed here: " + Amounts.grouped(number) + " more " + what + ".",
              "class",
              "odd")
          .line();
    }
  }
}
