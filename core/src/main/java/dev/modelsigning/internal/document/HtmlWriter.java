package dev.modelsigning.internal.document;

import dev.modelsigning.internal.json.Printable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML that is also well-formed XML. Names of elements and attributes are constants of ours;
 * all text and all attribute values are escaped, including invisible characters and those that
 * change the direction of writing.
 */
public final class HtmlWriter {

  /** Longer text is shortened to half as many characters. */
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

  /** Writes a line break where it has no meaning. */
  public HtmlWriter line() throws IOException {
    out.write('\n');
    return this;
  }

  /** Writes trusted text of ours. */
  public HtmlWriter text(String text) throws IOException {
    writeEscaped(text);
    return this;
  }

  /** Writes an element with trusted text of ours. */
  public HtmlWriter element(String element, String text, String... attributes) throws IOException {
    return open(element, attributes).text(text).close();
  }

  /** Writes untrusted text, isolated so that it cannot affect the layout around it. */
  public HtmlWriter outside(String text) throws IOException {
    return element("bdi", text);
  }

  /** Writes a time in UTC, to the second. */
  public HtmlWriter time(Instant time) throws IOException {
    String text = time.truncatedTo(ChronoUnit.SECONDS).toString();
    return element("time", text, "datetime", text);
  }

  /**
   * Writes the head of a page that loads nothing: its Content Security Policy allows only its own
   * style sheet.
   */
  public HtmlWriter head(String title, StyleSheet sheet) throws IOException {
    open("head").line();
    empty("meta", "charset", "utf-8");
    empty(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src "
            + sheet.source()
            + "; base-uri 'none'; form-action 'none'");
    empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    empty("meta", "name", "referrer", "content", "no-referrer");
    element("title", title).line();
    style(sheet.text());
    return close().line();
  }

  /** Writes a style sheet, which must not contain a character that needs escaping. */
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

  /** Ends the document; all elements must be closed. */
  public void end() throws IOException {
    if (!open.isEmpty()) {
      throw new IllegalStateException("still open: " + open);
    }
    line();
    out.flush();
  }
}
