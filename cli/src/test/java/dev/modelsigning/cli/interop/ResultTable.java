package dev.modelsigning.cli.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The results of a matrix of tests, written as a Markdown table for the documentation. */
final class ResultTable {

  private final List<String> rows;
  private final List<String> columns;
  private final Map<List<String>, String> cells = new ConcurrentHashMap<>();

  ResultTable(List<String> rows, List<String> columns) {
    this.rows = rows;
    this.columns = columns;
  }

  /** Notes the result of a test that passed. */
  void put(String row, String column, String result) {
    cells.put(List.of(row, column), result);
  }

  /** Writes the table below the build directory of this module. Cells without result failed. */
  void write(String fileName) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("| model | ").append(String.join(" | ", columns)).append(" |\n");
    text.append("|---".repeat(columns.size() + 1)).append("|\n");
    for (String row : rows) {
      text.append("| ")
          .append(row)
          .append(" | ")
          .append(
              columns.stream()
                  .map(column -> cells.getOrDefault(List.of(row, column), "FAILED"))
                  .collect(Collectors.joining(" | ")));
      text.append(" |\n");
    }
    Path target = Path.of(System.getProperty("modelsigning.root"), "cli", "target");
    Files.writeString(target.resolve(fileName), text);
  }
}
