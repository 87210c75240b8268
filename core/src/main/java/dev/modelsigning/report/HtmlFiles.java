package dev.modelsigning.report;

import dev.modelsigning.internal.document.FileTree;
import dev.modelsigning.internal.document.HtmlTable;
import dev.modelsigning.internal.document.HtmlWriter;
import dev.modelsigning.manifest.FileSizes;
import dev.modelsigning.manifest.ManifestDiff;
import dev.modelsigning.manifest.ManifestDiff.Changed;
import dev.modelsigning.manifest.ManifestDiff.Extra;
import dev.modelsigning.manifest.ManifestVerification.Result;
import dev.modelsigning.model.UncoveredEntry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the part about files: differences, all files as a tree, entries that are not covered. */
final class HtmlFiles {

  /** Longer lists are shortened, each separately. */
  private static final int MOST = 400;

  private final Verdict verdict;
  private final HtmlWriter html;

  HtmlFiles(Verdict verdict, HtmlWriter html) {
    this.verdict = verdict;
    this.html = html;
  }

  void writeDifferences() throws IOException {
    ManifestDiff differences = verdict.differences();
    HtmlTable table =
        HtmlTable.begin(
            counts(differences),
            List.of("difference", "name", "expected", "found", "last written (a hint)"),
            html);
    for (Changed one : firstOf(differences.changed())) {
      table
          .row()
          .marked("changed", "bad")
          .outside(one.name())
          .outside(one.expected())
          .outside(one.found())
          .time(one.modified())
          .endRow();
    }
    for (String name : firstOf(differences.missing())) {
      table
          .row()
          .marked("missing", "bad")
          .outside(name)
          .cell("a file that was signed")
          .cell("nothing")
          .time(Optional.empty())
          .endRow();
    }
    for (Extra one : firstOf(differences.extra())) {
      table
          .row()
          .marked("not signed", "bad")
          .outside(one.name())
          .cell("nothing")
          .cell(one.kind().toString())
          .time(one.modified())
          .endRow();
    }
    table.end();
    HtmlRest.write(differences.changed().size() - (long) MOST, "that changed", html);
    HtmlRest.write(differences.missing().size() - (long) MOST, "that are missing", html);
    HtmlRest.write(differences.extra().size() - (long) MOST, "that are not signed", html);
  }

  private static String counts(ManifestDiff differences) {
    return differences.changed().size()
        + " changed, "
        + differences.missing().size()
        + " missing, "
        + differences.extra().size()
        + " not signed";
  }

  private static <T> List<T> firstOf(List<T> list) {
    return list.subList(0, Math.min(list.size(), MOST));
  }

  void writeTree() throws IOException {
    Optional<FileSizes> sizes = verdict.comparison().flatMap(Result::sizes);
    if (sizes.isEmpty()) {
      quiet(
          verdict.comparison().isPresent()
              ? "They are not listed here, as their sizes were not kept."
              : "The model was not read to its end, so nothing is said of its files.");
      return;
    }
    FileTree tree = FileTree.of(verdict.differences(), sizes.get());
    quiet(
        (verdict.isPartial()
                ? "As they were signed, and found if they were hashed. "
                : "As they were signed and found. ")
            + "Directories have the totals of all that is below them.");
    html.open("div", "class", "tree").line();
    write(verdict.model(), tree.top(), true);
    html.close().line();
  }

  private void quiet(String text) throws IOException {
    html.element("p", text, "class", "quiet").line();
  }

  /** Writes a directory; one with differences is expanded. */
  private void write(String name, FileTree.Directory directory, boolean isOpen) throws IOException {
    if (isOpen) {
      html.open("details", "open", "open");
    } else {
      html.open("details");
    }
    html.open("summary").outside(name).text(" ");
    html.element(
        "span",
        Amounts.of(directory.count(), "file") + ", " + Amounts.size(directory.bytes()),
        "class",
        "size");
    if (directory.differences() > 0) {
      html.text(" ")
          .element("span", Amounts.of(directory.differences(), "difference"), "class", "bad");
    }
    html.close().open("ul").line();
    for (Map.Entry<String, FileTree.Directory> each : directory.directories().entrySet()) {
      html.open("li");
      write(each.getKey() + "/", each.getValue(), each.getValue().differences() > 0);
      html.close().line();
    }
    for (Map.Entry<String, FileTree.File> each : directory.files().entrySet()) {
      html.open("li").outside(each.getKey());
      writeFile(each.getValue());
      html.close().line();
    }
    writeLeftOut(directory);
    html.close().close();
  }

  private void writeFile(FileTree.File file) throws IOException {
    if (file.size().isPresent()) {
      html.text(" ").element("span", Amounts.size(file.size().getAsLong()), "class", "size");
    }
    if (file.mark() != FileTree.Mark.SIGNED) {
      html.text(" ").element("span", file.mark().toString(), "class", "bad");
    }
  }

  private void writeLeftOut(FileTree.Directory directory) throws IOException {
    long files = directory.leftOut();
    if (files > 0) {
      long differences = directory.differencesLeftOut();
      html.open("li", "class", "odd").text("not listed here: " + Amounts.of(files, "more file"));
      html.text(differences > 0 ? ", of which " + Amounts.grouped(differences) + " differ" : "");
      html.close().line();
    }
  }

  /** Writes the files that were not hashed. */
  void writeLeft() throws IOException {
    HtmlTable table =
        HtmlTable.begin(
            "These were signed and are there; do not rely on what is in them",
            List.of("name"),
            html);
    for (String name : firstOf(verdict.left())) {
      table.row().outside(name).endRow();
    }
    table.end();
    HtmlRest.write(verdict.left().size() - (long) MOST, "that were not hashed", html);
  }

  void writeUncovered() throws IOException {
    if (verdict.comparison().isEmpty()) {
      quiet("The model was not read to its end, so it is not known.");
      return;
    }
    List<UncoveredEntry> entries = verdict.uncovered();
    if (entries.isEmpty()) {
      quiet(
          verdict.differences().isEmpty()
              ? "Nothing: the signature covers all that is there."
              : "Nothing besides what differs.");
      return;
    }
    HtmlTable table =
        HtmlTable.begin(
            "Do not rely on what is in these",
            List.of("name", "what it is", "by whose rule"),
            html);
    for (UncoveredEntry entry : firstOf(entries)) {
      table
          .row()
          .outside(entry.name())
          .cell(entry.kind().toString())
          .cell(entry.reason().toString())
          .endRow();
    }
    table.end();
    HtmlRest.write(entries.size() - (long) MOST, "that are not covered", html);
  }
}
