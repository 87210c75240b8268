package dev.modelsigning.internal.document;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Writes a table. On narrow screens each cell shows the title of its column; the roles of the parts
 * are stated explicitly, since browsers drop them in that layout.
 */
public final class HtmlTable {

  private final List<String> columns;
  private final HtmlWriter html;
  private int column;

  private HtmlTable(List<String> columns, HtmlWriter html) {
    this.columns = columns;
    this.html = html;
  }

  /**
   * Begins a table.
   *
   * @param caption trusted text of ours, like the titles of the columns
   */
  public static HtmlTable begin(String caption, List<String> columns, HtmlWriter html)
      throws IOException {
    html.open("table", "role", "table").line().element("caption", caption).line();
    html.open("thead", "role", "rowgroup").open("tr", "role", "row");
    for (String title : columns) {
      html.element("th", title, "scope", "col", "role", "columnheader");
    }
    html.close().close().line().open("tbody", "role", "rowgroup").line();
    return new HtmlTable(columns, html);
  }

  /** Begins a row. */
  public HtmlTable row() throws IOException {
    html.open("tr", "role", "row");
    column = 0;
    return this;
  }

  private void open() throws IOException {
    html.open("td", "role", "cell", "data-label", columns.get(column));
    column++;
  }

  /** Adds a cell with trusted text of ours. */
  public HtmlTable cell(String text) throws IOException {
    open();
    html.text(text).close();
    return this;
  }

  /** Adds a cell with a word of ours and a class. */
  public HtmlTable marked(String text, String mark) throws IOException {
    open();
    html.element("span", text, "class", mark).close();
    return this;
  }

  /** Adds a cell with untrusted text. */
  public HtmlTable outside(String text) throws IOException {
    open();
    html.outside(text).close();
    return this;
  }

  /** Adds a cell with a time, if it is known. */
  public HtmlTable time(Optional<Instant> time) throws IOException {
    if (time.isEmpty()) {
      return cell("not known");
    }
    open();
    html.time(time.get());
    html.close();
    return this;
  }

  /** Ends a row. */
  public HtmlTable endRow() throws IOException {
    html.close().line();
    return this;
  }

  /** Ends the table. */
  public void end() throws IOException {
    html.close().close().line();
  }
}
