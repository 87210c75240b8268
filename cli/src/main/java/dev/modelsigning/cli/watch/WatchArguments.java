package dev.modelsigning.cli.watch;

import dev.modelsigning.cli.command.VerdictFormat;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Whether a verification is repeated, and which file has its verdict. */
public final class WatchArguments {

  private static final String WATCH = "--watch";

  /** Options for what is made of one verification. */
  private static final List<String> ONCE = List.of("--report", "--copy-to", "--pull", "--vsa");

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(30);

  @Option(
      names = WATCH,
      paramLabel = "INTERVAL",
      description =
          "Verify again and again, everything each time, with this time in between: such as 90s,"
              + " 30m, 12h or 7d, at most 30d. Ends with the status 1 as soon as one fails.")
  private @Nullable Duration interval;

  @Option(
      names = TerminationLog.OPTION,
      paramLabel = "FILE",
      description =
          "Write the verdict as text into this file too, whichever it is: at most 4096 bytes, as a"
              + " container of Kubernetes has them in /dev/termination-log. It must not lie in the"
              + " model.")
  private @Nullable Path log;

  /** Whether the file for the verdict may be written. */
  private boolean begun;

  /** The time between two verifications, if there is more than one. */
  public Optional<Duration> interval() {
    return Optional.ofNullable(interval);
  }

  /** The file for the verdict, if one was named. */
  public Optional<Path> named() {
    return Optional.ofNullable(log);
  }

  /** The file for the verdict, if one was named that may be written. */
  public Optional<Path> log() {
    return begun ? named() : Optional.empty();
  }

  /**
   * Refuses an interval that is too short or too long, and what has no meaning where a verification
   * is repeated.
   *
   * @param command the command that verifies, with all its arguments
   */
  public void requireUsage(CommandSpec command) {
    if (interval == null) {
      return;
    }
    if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
      throw new WrongUsage(command, WATCH + ": expected an interval from 1s to 30d");
    }
    if (value(command, "--format") == VerdictFormat.SARIF) {
      throw new WrongUsage(
          command, WATCH + " needs --format text or json; SARIF is of one verification");
    }
    for (String option : ONCE) {
      if (value(command, option) != null) {
        throw new WrongUsage(
            command,
            option
                + " cannot be used with "
                + WATCH
                + ": what it makes is made once; do that with a command of its own");
      }
    }
  }

  private static @Nullable Object value(CommandSpec command, String name) {
    OptionSpec option = command.findOption(name);
    return option == null ? null : option.getValue();
  }

  /**
   * Has the verdict written into the file for it, once it is known where that is. Before the first
   * verification it is emptied, so that there is no verdict in it before there is one.
   *
   * @throws IOException if it cannot be written
   */
  public void begin(Output output) throws IOException {
    if (log != null && !output.isRepeated()) {
      TerminationLog.begin(log);
    }
    begun = true;
  }

  /**
   * Writes a positive verdict, if there is a file for it; a negative one is written by who reports
   * it.
   *
   * @param headline the first line of the verdict
   * @param lines the other lines
   * @throws IOException if it cannot be written
   */
  public void succeeded(String headline, List<String> lines, Output output) throws IOException {
    if (log != null) {
      List<String> all = new ArrayList<>(List.of(headline));
      all.addAll(lines);
      TerminationLog.write(log, all, output);
    }
  }
}
