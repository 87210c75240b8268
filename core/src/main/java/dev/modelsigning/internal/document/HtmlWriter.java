package dev.modelsigning.internal.document;

import dev.modelsigning.internal.json.Printable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML that is well-formed XML as well. Names of elements and attributes are ours; all text
 * and all values of attributes are escaped, also what cannot be seen or changes the direction of
 * writing.
 */
public final class HtmlWriter {

  /** Longer text is cut to half as many characters. */
  private static final int MOST_CHARACTERS = 4_000;

  private final Writer out;
  private final Deque<String> open = new ArrayDeque<>();

  public HtmlWriter(OutputStream out) {
    this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  /** Begins a document. */
  public HtmlWriter begin() throws IOException {
    out.write("<!DOCTYPE html>\n");
    return this;
  }

  /**
   * Begins an element.
   *
   * @param attributes names and values in turn
   */
  public HtmlWriter open(String element, String... attributes) throws IOException {
    writeTag(element, attributes);
    out.write('>');
    open.push(element);
    return this;
  }

  private void writeTag(String element, String... attributes) throws IOException {
    out.write('<');
    out.write(element);
    for (int i = 0; i < attributes.length; i += 2) {
      out.write(' ');
      out.write(attributes[i]);
      out.write("=\"");
      writeEscaped(attributes[i + 1]);
      out.write('"');
    }
  }

  /** Writes an element that has no content by its definition. */
  public HtmlWriter empty(String element, String... attributes) throws IOException {
    writeTag(element, attributes);
    out.write("/>");
    return line();
  }

  /** Ends the element that was begun last. */
  public HtmlWriter close() throws IOException {
    out.write("</");
    out.write(open.pop());
    out.write('>');
    return this;
  }

  /** Goes to the next line, where that means nothing. */
  public HtmlWriter line() throws IOException {
    out.write('\n');
    return this;
  }

  /** Writes text of ours. */
  public HtmlWriter text(String text) throws IOException {
    writeEscaped(text);
    return this;
  }

  /** Writes an element with text of ours. */
  public HtmlWriter element(String element, String text, String... attributes) throws IOException {
    return open(element, attributes).text(text).close();
  }

  /** Writes text from outside, so that it does not move what is around it. */
  public HtmlWriter outside(String text) throws IOException {
    return element("bdi", text);
  }

  /** Writes a style sheet, which has no character that would be escaped. */
  public HtmlWriter style(String sheet) throws IOException {
    open("style");
    out.write(sheet);
    return close().line();
  }

  private void writeEscaped(String text) throws IOException {
    String safe = Printable.brief(text, MOST_CHARACTERS);
    for (int i = 0; i < safe.length(); i++) {
      char c = safe.charAt(i);
      switch (c) {
        case '&' -> out.write("&amp;");
        case '<' -> out.write("&lt;");
        case '>' -> out.write("&gt;");
        case '"' -> out.write("&quot;");
        case '\'' -> out.write("&#39;");
        default -> out.write(c);
      }
    }
  }

  /** Ends the document, of which everything was closed. */
  public void end() throws IOException {
    if (!open.isEmpty()) {
      throw new IllegalStateException("still open: " + open);
    }
    line();
    out.flush();
  }
}
