package dev.modelsigning.cli.output;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.report.Facts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The output of a command. Nothing that is printed can control a terminal or forge a line: all text
 * passes through this class, one line at a time, and all line breaks in it are escaped except the
 * final one.
 */
public final class Output {

  /** The beginning of messages about unexpected failures. */
  public static final String INTERNAL_ERROR = "internal error, please report it: ";

  /** The beginning of JSON web tokens, with all that may follow (RFC 7519). */
  private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{8,}[A-Za-z0-9_.-]*");

  /**
   * The property with which the launcher tells that standard output is a terminal, which Java
   * cannot determine.
   */
  private static final String OUT_TERMINAL_PROPERTY = "modelsigning.terminal.out";

  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";

  private final PrintStream out;
  private final PrintStream err;
  private final LogLevel level;
  private final boolean quiet;
  private final UnaryOperator<String> hiding;

  /** Whether a machine-readable verdict was printed, on any of the outputs of a program. */
  private final AtomicBoolean verdict;

  private final boolean colours;

  /** Which of several runs of a command prints, if it is run at intervals. */
  private final @Nullable Round round;

  private Output(
      PrintStream out,
      PrintStream err,
      LogLevel level,
      boolean quiet,
      UnaryOperator<String> hiding,
      AtomicBoolean verdict,
      boolean colours,
      @Nullable Round round) {
    this.out = out;
    this.err = err;
    this.level = level;
    this.quiet = quiet;
    this.hiding = hiding;
    this.verdict = verdict;
    this.colours = colours;
    this.round = round;
  }

  /**
   * Returns an output for all levels except stack traces.
   *
   * @param out standard output
   * @param err standard error
   * @param hiding redacts the secrets in a line; provided by the module that knows their form. It
   *     is applied to all output except data and bytes
   */
  public static Output on(PrintStream out, PrintStream err, UnaryOperator<String> hiding) {
    return new Output(out, err, LogLevel.INFO, false, hiding, new AtomicBoolean(), false, null);
  }

  /** Returns the same output with another level. If quiet, it prints only failures. */
  public Output at(LogLevel level, boolean quiet) {
    return new Output(out, err, level, quiet, hiding, verdict, colours, round);
  }

  /**
   * Returns the same output for a run of a command that is run at intervals: its machine-readable
   * verdict has a field that says so. From the second on that verdict is printed besides that of
   * the run before; of text only failures are, and warnings that are new.
   */
  public Output in(Round run) {
    if (!run.isFirst()) {
      verdict.set(false);
    }
    return new Output(out, err, level, quiet, hiding, verdict, colours, run);
  }

  /** Whether a command is run again that has said everything before. */
  public boolean isRepeated() {
    return round != null && !round.isFirst();
  }

  /** The time and the number of the run, of a command that is run at intervals. */
  public Optional<String> roundPrefix() {
    return Optional.ofNullable(round).map(Round::prefix);
  }

  /** Prints how a run of a command that is run at intervals ended. */
  public void round(String result) {
    if (!quiet && level.compareTo(LogLevel.INFO) <= 0 && round != null) {
      out.println(safe(round.prefix() + " " + result));
    }
  }

  /** Prints the result of a command on standard output; only {@code --quiet} suppresses it. */
  public void result(String line) {
    if (!quiet && !isRepeated()) {
      out.println(safe(line));
    }
  }

  /**
   * Prints the result of a command whose only purpose is that result, on standard output. For text
   * that is entirely our own, or JSON in ASCII.
   */
  public void data(String text) {
    out.print(text);
    out.flush();
  }

  /**
   * Prints the machine-readable verdict, JSON or SARIF in ASCII, on standard output. Only the first
   * one is printed.
   */
  public void verdict(String json) {
    if (claimVerdict()) {
      data(round == null ? json : round.addedTo(json));
    }
  }

  /** Writes a document. */
  @FunctionalInterface
  public interface Document {
    /** Writes the document, without closing the stream. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Prints a verdict that may be long and is produced while it is written. */
  public void verdict(Document json) throws IOException {
    if (!claimVerdict()) {
      return;
    }
    if (round == null) {
      json.writeTo(out);
      out.flush();
    } else {
      LastField object = new LastField(out);
      json.writeTo(object);
      object.end(round.field());
    }
  }

  /** Prints an encoded verdict in ASCII, if possible without allocating memory for a text. */
  public void verdict(byte[] json) {
    if (round != null) {
      verdict(new String(json, StandardCharsets.US_ASCII));
    } else if (claimVerdict()) {
      out.write(json, 0, json.length);
      out.flush();
    }
  }

  private boolean claimVerdict() {
    return verdict.compareAndSet(false, true);
  }

  /**
   * Prints bytes unchanged on standard output.
   *
   * @throws IOException if that is a terminal, and they could control it
   */
  public void bytes(byte[] content) throws IOException {
    if (Terminal.console() != null) {
      requireShowable(new String(content, StandardCharsets.UTF_8));
    }
    out.write(content, 0, content.length);
    out.flush();
  }

  /** Refuses text that contains control sequences for a terminal. */
  static void requireShowable(String text) throws IOException {
    String oneLine = text.replace("\n", "").replace("\t", "");
    if (!Printable.escape(oneLine).equals(oneLine)) {
      throw new IOException(
          "it holds characters that could steer the terminal; have it written to a file, as with"
              + " '> FILE', or shown without --payload");
    }
  }

  /** Prints on standard output that a model is verified, like {@link #result}. */
  public void verified(String headline) {
    if (!quiet && !isRepeated()) {
      out.println(coloured(safe(headline), GREEN, OUT_TERMINAL_PROPERTY));
    }
  }

  /** Prints that a command failed, like {@link #error}. */
  public void failed(String line) {
    err.println(coloured(message(line), RED, Terminal.ERROR_PROPERTY));
  }

  /** Colours the first word of a line on a terminal. */
  private String coloured(String line, String colour, String terminal) {
    int end = line.indexOf(' ');
    return colours && Boolean.getBoolean(terminal) && end > 0
        ? colour + line.substring(0, end) + "\u001b[0m" + line.substring(end)
        : line;
  }

  /** Returns an output that discards everything, for reading the declarations of commands. */
  public static Output nowhere() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return on(nowhere, nowhere, UnaryOperator.identity());
  }

  /** Returns the same output with colours on a terminal, unless the environment disables them. */
  public Output withColours(Map<String, String> environment) {
    boolean wanted =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb");
    return new Output(out, err, level, quiet, hiding, verdict, wanted, round);
  }

  /** Prints actions and results on standard output. */
  public void info(String line) {
    if (isShown(LogLevel.INFO) && !isRepeated()) {
      out.println(safe(line));
    }
  }

  /** Prints a line of facts or of a list on standard output, for {@code --all} and the terminal. */
  public void fact(String line) {
    String shown = ListLine.withOption(line);
    if (Boolean.getBoolean(OUT_TERMINAL_PROPERTY)) {
      ListLine.broken(shown, Terminal.columns()).forEach(this::info);
    } else {
      info(shown);
    }
  }

  /** Prints a line of facts or of a list on standard error, like {@link #fact}. */
  public void errorFact(String line) {
    String shown = ListLine.withOption(line);
    if (Boolean.getBoolean(Terminal.ERROR_PROPERTY)) {
      ListLine.broken(shown, Terminal.columns()).forEach(this::error);
    } else {
      error(shown);
    }
  }

  /** Prints actions and results as an aligned list on standard output. */
  public void info(Facts facts) {
    facts.lines().forEach(this::info);
  }

  /** Prints a list of facts with this many lines for each. */
  public void info(Facts facts, int most) {
    facts.lines(most).forEach(this::fact);
  }

  /** Prints a note on standard error. */
  public void note(String line) {
    if (isShown(LogLevel.INFO) && !isRepeated()) {
      err.println(message(line));
    }
  }

  /** Prints a warning on standard error. */
  public void warning(String line) {
    if (isShown(LogLevel.WARNING) && (round == null || round.isNew(line))) {
      err.println("warning: " + message(line));
    }
  }

  /** Prints a finding on standard error, even one of severity note, as it may require action. */
  public void finding(Finding finding) {
    warning(finding.message());
  }

  /** Prints an error on standard error. */
  public void error(String line) {
    err.println(message(line));
  }

  /** Prints the stack trace of a failure, for diagnosis. */
  public void trace(Throwable failure) {
    if (isShown(LogLevel.DEBUG)) {
      FailureTrace.lines(failure).forEach(this::error);
    }
  }

  /** Prints an unexpected failure with its stack trace. */
  public void internalError(Throwable failure) {
    error(INTERNAL_ERROR + failure);
    FailureTrace.lines(failure).forEach(this::error);
  }

  /** Whether messages of this level are shown. */
  boolean isShown(LogLevel message) {
    return !quiet && level.compareTo(message) <= 0;
  }

  /** Escapes a line for the terminal and redacts secrets from arguments. */
  private String safe(String line) {
    return hiding.apply(Printable.escape(line));
  }

  /** Redacts the secrets and tokens from arguments that a message repeats. */
  public String withoutSecrets(String message) {
    return TOKEN.matcher(hiding.apply(message)).replaceAll("(token)");
  }

  /** A line of a message, which may repeat an argument, so identity tokens are redacted too. */
  private String message(String line) {
    return withoutSecrets(Printable.escape(line));
  }

  /** Standard error, for output without untrusted text. */
  public PrintStream errorStream() {
    return err;
  }
}
