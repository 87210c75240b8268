package dev.modelsigning.policy.importing;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.internal.text.CanonicalPath;
import dev.modelsigning.policy.internal.rules.NamePattern;
import dev.modelsigning.policy.internal.tree.Value;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a model or an expression for names, as a pattern with the same meaning. What a
 * pattern cannot say is refused: one that matched fewer names would leave the others to a later and
 * perhaps weaker rule.
 *
 * @param pattern the pattern
 * @param exact whether it is a name
 * @param absolute whether it was an absolute path
 * @param everything whether it was an expression for all names, absolute or not
 */
record ImportedPattern(NamePattern pattern, boolean exact, boolean absolute, boolean everything) {

  private static final String EXPRESSION = "regex:";

  private static final String ALL = "**";

  /** All names, or all below a directory, whose name is to be taken literally. */
  private static final Pattern SIMPLE =
      Pattern.compile("\\^?(?:(?<prefix>(?:[\\w /@=:,~%-]|\\\\[.\\-+/@_])*)/)?\\.\\*\\$?");

  /**
   * Translates a name or an expression.
   *
   * @param directory the directory of the policy, absolute and normalized, below which all models
   *     are named
   * @param text as it was written
   * @param value its value, for the place of a refusal
   */
  static ImportedPattern of(Path directory, String text, Value value)
      throws MalformedPolicyException {
    if (!text.startsWith(EXPRESSION)) {
      if (text.indexOf('*') >= 0 || text.indexOf('?') >= 0) {
        throw value.refused(
            "a name with '*' or '?' cannot be written as a pattern: " + Printable.quote(text));
      }
      return new ImportedPattern(
          pattern(below(directory, text, value), text, value),
          true,
          path(text, value).isAbsolute(),
          false);
    }
    Matcher simple = SIMPLE.matcher(text.substring(EXPRESSION.length()));
    if (!simple.matches()) {
      throw value.refused(
          "expected an expression that a pattern can stand for, which is '.*' or 'DIRECTORY/.*' with"
              + " '.' in the directory's name written '\\.', found "
              + Printable.quote(text)
              + "; list the models, or write the rule by hand");
    }
    String prefix = simple.group("prefix");
    if (prefix == null) {
      return new ImportedPattern(new NamePattern(ALL), false, false, true);
    }
    String literal = prefix.replaceAll("\\\\(.)", "$1");
    Path root = path(literal + "/", value);
    boolean absolute = root.isAbsolute();
    if (absolute && directory.startsWith(root) && isCanonical(literal)) {
      // All models that have a name here lie below it.
      return new ImportedPattern(new NamePattern(ALL), false, true, false);
    }
    String relative = below(directory, literal, value);
    return new ImportedPattern(pattern(relative + "/" + ALL, text, value), false, absolute, false);
  }

  private static NamePattern pattern(String pattern, String text, Value value)
      throws MalformedPolicyException {
    try {
      return new NamePattern(pattern);
    } catch (IllegalArgumentException e) {
      throw value.refused(
          "cannot be written as a pattern: " + Printable.quote(text) + " " + e.getMessage());
    }
  }

  private static Path path(String text, Value value) throws MalformedPolicyException {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw value.refused("expected a path, found " + Printable.quote(text));
    }
  }

  /**
   * Whether a path is written in the only way that a name can be written. Another one was never
   * equal to a name there, and would be here.
   */
  private static boolean isCanonical(String text) {
    String relative = text.startsWith("/") ? text.substring(1) : text;
    return relative.isEmpty() || CanonicalPath.problem(relative) == null;
  }

  /** The name below the directory, with slashes. */
  private static String below(Path directory, String text, Value value)
      throws MalformedPolicyException {
    if (!isCanonical(text)) {
      throw value.refused(
          "expected a path without '.', '..' and empty segments, found " + Printable.quote(text));
    }
    Path model = directory.resolve(path(text, value));
    if (!model.startsWith(directory) || model.equals(directory)) {
      throw value.refused(
          "expected a model below the policy's directory, "
              + Printable.quote(directory.toString())
              + ", where all models are named, found "
              + Printable.quote(text));
    }
    StringBuilder name = new StringBuilder();
    for (Path part : directory.relativize(model)) {
      name.append(name.isEmpty() ? "" : "/").append(part);
    }
    return name.toString();
  }

  /** Whether there can be a name that both match. */
  boolean overlaps(ImportedPattern other) {
    return pattern.covers(other.pattern) || other.pattern.covers(pattern);
  }
}
