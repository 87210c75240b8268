package dev.modelsigning.cli.command;

import dev.modelsigning.report.Facts;
import picocli.CommandLine.Option;

/** How much of long lists is shown. */
public final class ListArguments {

  @Option(
      names = "--all",
      description =
          "Show lists as a whole. Default: the first " + Facts.MOST_LINES + " lines of each.")
  private boolean all;

  /** How many lines of a list to show. */
  public int mostLines() {
    return all ? Integer.MAX_VALUE : Facts.MOST_LINES;
  }
}
