package dev.modelsigning.cli.command;

import java.util.Locale;
import picocli.CommandLine.Option;

/** How a command prints what came out. */
public final class FormatArgument {

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "How to print the result on standard output: ${COMPLETION-CANDIDATES}. JSON is printed on"
              + " failure too. Default: text.")
  private Format format = Format.TEXT;

  /** The forms of a result. */
  private enum Format {
    TEXT,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether a program waits for one object, and nothing else is to be on standard output. */
  public boolean isJson() {
    return format == Format.JSON;
  }
}
