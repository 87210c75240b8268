package dev.modelsigning.cli.output;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.report.Facts;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Where a command prints. Whatever is printed can neither steer a terminal nor forge a line: all
 * text passes here, one line at a time, and every line break in it is escaped but the one that ends
 * it.
 */
public final class Output {

  /** How a message about a failure that nobody foresaw begins. */
  public static final String INTERNAL_ERROR = "internal error, please report it: ";

  /** How JSON web tokens begin, and all that may follow (RFC 7519). */
  private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{8,}[A-Za-z0-9_.-]*");

  /** Says that standard output is a terminal; the launcher knows, Java does not. */
  private static final String OUT_TERMINAL_PROPERTY = "modelsigning.terminal.out";

  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";

  private final PrintStream out;
  private final PrintStream err;
  private final LogLevel level;
  private final boolean quiet;
  private final UnaryOperator<String> hiding;

  /** Whether there was a verdict for machines, on whichever of the outputs of one program. */
  private final AtomicBoolean verdict;

  private final boolean colours;

  private Output(
      PrintStream out,
      PrintStream err,
      LogLevel level,
      boolean quiet,
      UnaryOperator<String> hiding,
      AtomicBoolean verdict,
      boolean colours) {
    this.out = out;
    this.err = err;
    this.level = level;
    this.quiet = quiet;
    this.hiding = hiding;
    this.verdict = verdict;
    this.colours = colours;
  }

  /**
   * An output that says all but where failures come from.
   *
   * @param out standard output
   * @param err standard error
   * @param hiding replaces the secrets in a line, of which only who takes them knows what they look
   *     like; all that is printed passes it but data and bytes
   */
  public static Output on(PrintStream out, PrintStream err, UnaryOperator<String> hiding) {
    return new Output(out, err, LogLevel.INFO, false, hiding, new AtomicBoolean(), false);
  }

  /** The same that says this much. If it is quiet, it says nothing but failures. */
  public Output at(LogLevel level, boolean quiet) {
    return new Output(out, err, level, quiet, hiding, verdict, colours);
  }

  /** The result of a command, on standard output; only {@code --quiet} silences it. */
  public void result(String line) {
    if (!quiet) {
      out.println(safe(line));
    }
  }

  /**
   * The result of a command that is asked for nothing but this, on standard output. For text that
   * is our own from end to end, or JSON in ASCII.
   */
  public void data(String text) {
    out.print(text);
    out.flush();
  }

  /**
   * The verdict for machines, JSON or SARIF in ASCII on standard output. There is one: what comes
   * after the first is not printed.
   */
  public void verdict(String json) {
    if (claimVerdict()) {
      data(json);
    }
  }

  /** Writes a document. */
  @FunctionalInterface
  public interface Document {
    /** Writes all of it, and does not close the stream. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** The same for one that may be long, and is made while it is written. */
  public void verdict(Document json) throws IOException {
    if (claimVerdict()) {
      json.writeTo(out);
      out.flush();
    }
  }

  /** The same for who has no memory left to make a text; encoded in ASCII. */
  public void verdict(byte[] json) {
    if (claimVerdict()) {
      out.write(json, 0, json.length);
      out.flush();
    }
  }

  private boolean claimVerdict() {
    return verdict.compareAndSet(false, true);
  }

  /**
   * Bytes as they are, on standard output.
   *
   * @throws IOException if that is a terminal, and they could steer it
   */
  public void bytes(byte[] content) throws IOException {
    if (Terminal.console() != null) {
      requireShowable(new String(content, StandardCharsets.UTF_8));
    }
    out.write(content, 0, content.length);
    out.flush();
  }

  /** Refuses text that does more on a terminal than to be shown there. */
  static void requireShowable(String text) throws IOException {
    String oneLine = text.replace("\n", "").replace("\t", "");
    if (!Printable.escape(oneLine).equals(oneLine)) {
      throw new IOException(
          "it holds characters that could steer the terminal; have it written to a file, as with"
              + " '> FILE', or shown without --payload");
    }
  }

  /** Says on standard output that a model is verified, and like {@link #result}. */
  public void verified(String headline) {
    if (!quiet) {
      out.println(coloured(safe(headline), GREEN, OUT_TERMINAL_PROPERTY));
    }
  }

  /** Says that a command failed, and like {@link #error}. */
  public void failed(String line) {
    err.println(coloured(message(line), RED, Terminal.ERROR_PROPERTY));
  }

  /** A line whose first word has a colour where a terminal shows it. */
  private String coloured(String line, String colour, String terminal) {
    int end = line.indexOf(' ');
    return colours && Boolean.getBoolean(terminal) && end > 0
        ? colour + line.substring(0, end) + "\u001b[0m" + line.substring(end)
        : line;
  }

  /** An output that prints nothing, for commands that are only looked at. */
  public static Output nowhere() {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    return on(nowhere, nowhere, UnaryOperator.identity());
  }

  /** The same with colours on a terminal, unless the environment speaks against it. */
  public Output withColours(Map<String, String> environment) {
    boolean wanted =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "").equals("dumb");
    return new Output(out, err, level, quiet, hiding, verdict, wanted);
  }

  /** What was done and found, on standard output. */
  public void info(String line) {
    if (isShown(LogLevel.INFO)) {
      out.println(safe(line));
    }
  }

  /** What was done and found, an aligned list on standard output. */
  public void info(Facts facts) {
    facts.lines().forEach(this::info);
  }

  /** The same with this many lines of each list. */
  public void info(Facts facts, int most) {
    facts.lines(most).forEach(this::info);
  }

  /** What was found on the way, on standard error. */
  public void note(String line) {
    if (isShown(LogLevel.INFO)) {
      err.println(message(line));
    }
  }

  /** What the user should know, on standard error. */
  public void warning(String line) {
    if (isShown(LogLevel.WARNING)) {
      err.println("warning: " + message(line));
    }
  }

  /** What was found, on standard error; a note too, as it may ask for something. */
  public void finding(Finding finding) {
    warning(finding.message());
  }

  /** What went wrong, on standard error. */
  public void error(String line) {
    err.println(message(line));
  }

  /** Where a failure came from, for those who look for its cause. */
  public void trace(Throwable failure) {
    if (isShown(LogLevel.DEBUG)) {
      FailureTrace.lines(failure).forEach(this::error);
    }
  }

  /** A failure that nobody foresaw, and where it came from. */
  public void internalError(Throwable failure) {
    error(INTERNAL_ERROR + failure);
    FailureTrace.lines(failure).forEach(this::error);
  }

  /** Whether messages of this level are shown. */
  boolean isShown(LogLevel message) {
    return !quiet && level.compareTo(message) <= 0;
  }

  /** A line that neither steers a terminal nor shows a secret that was part of an argument. */
  private String safe(String line) {
    return hiding.apply(Printable.escape(line));
  }

  /** A message without the secrets and tokens that were part of an argument which it repeats. */
  public String withoutSecrets(String message) {
    return TOKEN.matcher(hiding.apply(message)).replaceAll("(token)");
  }

  /** A line of a message, which may repeat an argument and so show no token of identity either. */
  private String message(String line) {
    return withoutSecrets(Printable.escape(line));
  }

  /** Standard error, for what prints no text from outside. */
  public PrintStream errorStream() {
    return err;
  }
}
