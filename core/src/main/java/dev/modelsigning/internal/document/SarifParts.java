package dev.modelsigning.internal.document;

import dev.modelsigning.finding.Rule;
import dev.modelsigning.finding.Severity;
import dev.modelsigning.internal.json.JsonWriter;
import dev.modelsigning.internal.json.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** What all logs of SARIF 2.1.0 have in common. */
public final class SarifParts {

  private static final String VERSION = "2.1.0";
  private static final String SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
  private static final String TOOL = "model-signing";
  private static final String UNRESERVED = "-._~";

  /** The end of the text of an embedded link, with the backslashes before it. */
  private static final Pattern END_OF_LINK_TEXT = Pattern.compile("(?<!\\\\)(\\\\*)]\\(");

  private SarifParts() {}

  /** Writes the members of a log with one run. */
  public static void writeLog(JsonWriter json, JsonWriter.Content run) {
    json.string("$schema", SCHEMA)
        .string("version", VERSION)
        .array("runs", runs -> runs.object(run));
  }

  /**
   * Writes the tool and how it ended: the first members of a run.
   *
   * @param rules the rules of the results, by index
   * @param verified whether it succeeded. As with the exit status, only what is verified does
   * @param exitStatus the exit status of the program, if known
   */
  public static void writeTool(
      Collection<Rule> rules, boolean verified, OptionalInt exitStatus, JsonWriter run) {
    run.object(
            "tool",
            tool ->
                tool.object(
                    "driver",
                    driver ->
                        driver
                            .string("name", TOOL)
                            .string("version", ToolVersion.text())
                            .array("rules", list -> rules.forEach(rule -> write(rule, list)))))
        .array(
            "invocations",
            list ->
                list.object(invocation -> {
                  invocation.bool("executionSuccessful", verified);
                  exitStatus.ifPresent(status -> invocation.integer("exitCode", status));
                }));
  }

  private static void write(Rule rule, JsonWriter rules) {
    rules.object(fields ->
        fields
            .string("id", rule.code())
            .object("shortDescription", text -> text.string("text", plain(rule.title())))
            .object("fullDescription", text -> text.string("text", plain(rule.title())))
            .object("help", text -> text.string("text", plain(rule.help())))
            .object(
                "defaultConfiguration",
                settings -> settings.string("level", level(rule.severity()))));
  }

  private static String level(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Writes the first members of a result.
   *
   * @param rules the rules of the results, by index
   */
  public static void writeKind(
      List<Rule> rules, Rule rule, Severity severity, String message, JsonWriter result) {
    result
        .string("ruleId", rule.code())
        .integer("ruleIndex", rules.indexOf(rule))
        .string("level", level(severity))
        .object("message", text -> text.string("text", plain(message)));
  }

  /**
   * Text that no viewer displays differently: without embedded links (SARIF 3.11.6) and invisible
   * characters.
   */
  public static String plain(String text) {
    // Existing backslashes would escape the one that is added.
    return END_OF_LINK_TEXT.matcher(Printable.escape(text)).replaceAll("$1$1\\\\](");
  }

  /** A path with all characters encoded that are not unreserved (RFC 3986 2.3), except slashes. */
  public static String encoded(String path) {
    StringBuilder uri = new StringBuilder(path.length() + 16);
    for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (each & 0xff);
      if (c == '/'
          || (c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || UNRESERVED.indexOf(c) >= 0) {
        uri.append(c);
      } else {
        uri.append('%')
            .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
            .append(Character.toUpperCase(Character.forDigit(c & 0xf, 16)));
      }
    }
    return uri.toString();
  }
}
