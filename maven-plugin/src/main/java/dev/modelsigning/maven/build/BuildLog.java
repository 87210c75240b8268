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

  /** How JSON web tokens begin, and all that may follow (RFC 7519). */
  private static final Pattern TOKEN = Pattern.compile("eyJ[A-Za-z0-9_-]{8,}[A-Za-z0-9_.-]*");

  private static final Pattern OPTION = Pattern.compile("--([a-z]+(?:-[a-z]+)*)");

  /** What options of the command line are called here that can be given several times. */
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

  /** What a reader of the build should know; what to do about it, if that is not in the message. */
  public void finding(Finding finding) {
    String line = safe(finding.rule().code() + ": " + finding.message());
    if (finding.severity() == Severity.NOTE) {
      log.info(line);
    } else {
      log.warn(line + "; " + inWordsOfThePlugin(finding.rule().help()));
    }
  }

  /** Where a failure came from, for {@code mvn -X}. */
  public void trace(Throwable failure) {
    for (Throwable each = failure; each != null && log.isDebugEnabled(); each = each.getCause()) {
      log.debug(safe(each.toString()));
      for (StackTraceElement frame : each.getStackTrace()) {
        log.debug("  at " + safe(frame.toString()));
      }
    }
  }

  /** A line that neither steers a terminal nor shows a token. */
  public static String safe(String line) {
    return TOKEN.matcher(Printable.escape(line)).replaceAll("(token)");
  }

  /**
   * Advice of the library, in which the options of the command line have the names of the
   * parameters here. For text of our own only.
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
