package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of the command line and how it ended. Whatever was run, it can be asked whether it ended
 * as a command should: no stack trace, nothing that steers a terminal. With {@code --format json}
 * its standard output was checked by the schema of the command.
 *
 * @param status the exit status
 * @param out what it printed on standard output
 * @param err what it printed on standard error
 */
public record Invocation(int status, String out, String err) {

  /** Runs a command in this process, in an empty environment. */
  public static Invocation of(Object... args) {
    return in(Map.of(), args);
  }

  /** Runs a command in this process. Arguments that are no strings are paths. */
  public static Invocation in(Map<String, String> environment, Object... args) {
    return run(environment, new ByteArrayOutputStream(), args);
  }

  /** What is done between two rounds of a command that is run at intervals. */
  @FunctionalInterface
  public interface Between {
    /** Called when the line of a round that did not fail was printed, by the thread that prints. */
    void ended(int round) throws Exception;
  }

  /** The line of a round that succeeded, or is only warned of, with its number. */
  private static final Pattern ROUND =
      Pattern.compile(
          "(?m)^(?:\\S+Z  round (\\d+) (?!failed)"
              + "|\\{(?:\"verified\":true|.*POLICY_WARNS).*\"round\":\\{\"number\":(\\d+)).*\\n\\z");

  /** Runs a command with {@code --watch} in this process. */
  public static Invocation watching(
      Map<String, String> environment, Between between, Object... args) {
    ByteArrayOutputStream out =
        new ByteArrayOutputStream() {
          private int last;

          @Override
          public void flush() {
            Matcher found = ROUND.matcher(toString(StandardCharsets.UTF_8));
            if (!found.find()) {
              return;
            }
            int number = Integer.parseInt(found.group(found.group(1) == null ? 2 : 1));
            if (number > last) {
              last = number;
              try {
                between.ended(number);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            }
          }
        };
    try {
      return run(environment, out, args);
    } finally {
      Thread.interrupted(); // the usual way to stop it
    }
  }

  private static Invocation run(
      Map<String, String> environment, ByteArrayOutputStream out, Object... args) {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] strings = List.of(args).stream().map(Object::toString).toArray(String[]::new);
    int status = Main.run(strings, stream(out), stream(err), environment);
    return ended(
        List.of(strings),
        status,
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8));
  }

  /** One that has ended; what it has for programs is as its schema says. */
  static Invocation ended(List<String> args, int status, String out, String err) {
    JsonOutput.check(args, status, out);
    return new Invocation(status, out, err);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  /** It did what it was asked for. */
  public Invocation assertSucceeded() {
    assertThat(status).as("exit status, with standard error: %s", err).isZero();
    return assertDecent();
  }

  /** It ended with one message that begins like this and has all these parts, and no result. */
  public Invocation assertFailed(String prefix, Object... parts) {
    assertThat(status).as("exit status, with standard error: %s", err).isEqualTo(1);
    assertThat(out).isEmpty();
    assertThat(err).startsWith(prefix + ": ");
    for (Object part : parts) {
      assertThat(err).contains(part.toString());
    }
    return assertDecent();
  }

  /** It said what was wrong with the command line, and where to read on. */
  public Invocation assertUsage(Object... parts) {
    assertThat(status).as("exit status, with standard error: %s", err).isEqualTo(2);
    assertThat(out).isEmpty();
    assertThat(err).startsWith("Error: ").contains("--help' for help.");
    for (Object part : parts) {
      assertThat(err).contains(part.toString());
    }
    return assertDecent();
  }

  /** The lines of standard error. */
  public List<String> errorLines() {
    return err.lines().toList();
  }

  private Invocation assertDecent() {
    assertThat(err).doesNotContain("\tat ").doesNotContain("Exception").doesNotContain("internal");
    assertThat(out + err).as("control characters").matches("(?s)[\\P{Cntrl}\\n]*");
    return this;
  }
}
