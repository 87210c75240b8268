package dev.modelsigning.maven.build;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.json.Printable;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.maven.plugin.logging.Log;

/**
 * The log output of the goals. Text from outside passes here, one line at a time, so that no name
 * in a model or a signature can steer a terminal or forge a line of the build.
 */
public final class BuildLog {

  /** The beginning of a JSON Web Token, and the characters that may follow (RFC 7519). */
  private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{8,}[A-Za-z0-9_.-]*");

  private static final Pattern OPTION = Pattern.compile("--([a-z]+(?:-[a-z]+)*)");

  /** The names of parameters for options of the command line that can be repeated. */
  private static final Map<String, String> SEVERAL =
      Map.of(
          "crl", "crls",
          "certificate-identity", "certificateIdentities",
          "certificate-fingerprint", "certificateFingerprints");

  private final Log log;

  public BuildLog(Log log) {
    this.log = log;
  }

  public void info(String line) {
    log.info(safe(line));
  }

  public void warning(String line) {
    log.warn(safe(line));
  }

  public void error(String line) {
    log.error(safe(line));
  }

  /** Logs a finding; with the remedy if the message does not contain it. */
  public void finding(Finding finding) {
    String line = safe(finding.rule().code() + ": " + finding.message());
    if (finding.severity() == Severity.NOTE) {
      log.info(line);
    } else {
      log.warn(line + "; " + inWordsOfThePlugin(finding.rule().help()));
    }
  }

  /** Logs the stack trace of a failure, for {@code mvn -X}. */
  public void trace(Throwable failure) {
    for (Throwable each = failure; each != null && log.isDebugEnabled(); each = each.getCause()) {
      log.debug(safe(each.toString()));
      for (StackTraceElement frame : each.getStackTrace()) {
        log.debug("  at " + safe(frame.toString()));
      }
    }
  }

  /** Escapes a line and redacts tokens in it. */
  public static String safe(String line) {
    return TOKEN.matcher(Printable.escape(line)).replaceAll("(token)");
  }

  /**
   * Advice of the library, with the names of command line options replaced by those of parameters.
   * For text of our own only.
   */
  public static String inWordsOfThePlugin(String advice) {
    return OPTION.matcher(advice).replaceAll(option -> "<" + parameter(option.group(1)) + ">");
  }

  private static String parameter(String option) {
    String several = SEVERAL.get(option);
    if (several != null) {
      return several;
    }
    StringBuilder name = new StringBuilder();
    for (String word : option.split("-", -1)) {
      name.append(
          name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }
}
