package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.problem.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/**
 * Says what is wrong with a text that is no YAML, in the words of those who write policies: where
 * what began has no end, how far a line is expected to be indented, what needs quotation marks. The
 * parser knows only which of its signs it did not expect.
 */
final class SyntaxError {

  /** Longer lines are not looked at; what the parser says is reported. */
  private static final int MAX_LINE = 2_000;

  /** So many lines above are looked at. */
  private static final int MAX_ABOVE = 2_000;

  /** A key with a value that begins with a sign of YAML: {@code match: **}. */
  private static final Pattern UNQUOTED =
      Pattern.compile("(?:^|[{,]|- )[ ]*+([A-Za-z][\\w-]*+):[ ]++([*&!|>%@`?][^\\s,}\\]]*+)");

  /** A key whose colon has no space behind it. */
  private static final Pattern JOINED =
      Pattern.compile("[ ]*+(?:- )*+([A-Za-z][\\w-]*+):([^\\s:/].*)");

  private static final Pattern TAB = Pattern.compile("[ ]*+\\t");

  private static final String RESERVED = "which YAML keeps for itself";

  private final String file;
  private final List<String> lines;

  SyntaxError(String file, String text) {
    this.file = file;
    this.lines = text.lines().toList();
  }

  /**
   * The refusal of what the parser could not read.
   *
   * @param at where the reader was
   */
  MalformedPolicyException refusal(Place at, MarkedYamlEngineException e) {
    int line = e.getProblemMark().or(e::getContextMark).map(SyntaxError::line).orElse(at.line());
    int column = e.getProblemMark().or(e::getContextMark).map(SyntaxError::column).orElse(0);
    Place place = new Place(line, column, at.field());
    String problem = String.valueOf(e.getProblem());
    Optional<MalformedPolicyException> known =
        tab(place, e)
            .or(() -> unquoted(place, e))
            .or(() -> endless(place, problem, e))
            .or(() -> noSpace(place, problem, e))
            .or(() -> indented(place, problem, e));
    return known.orElseGet(() -> refused(place, plain(problem), e));
  }

  /** More values that begin with a sign of YAML, after the first, at which the parser ended. */
  List<MalformedPolicyException> alsoUnquoted(MalformedPolicyException first) {
    List<MalformedPolicyException> more = new ArrayList<>();
    if (!first.what().contains(RESERVED)) {
      return more;
    }
    for (int i = first.line(); i < lines.size() && more.size() < Refusals.MOST; i++) {
      Matcher matcher = UNQUOTED.matcher(shortened(lines.get(i)));
      if (matcher.find() && matcher.group(2).startsWith("*")) {
        more.add(
            refused(
                new Place(i + 1, matcher.start(2) + 1, matcher.group(1)),
                quote(matcher.group(1), matcher.group(2)),
                null));
      }
    }
    return more;
  }

  /** How to write a value that begins with a sign of YAML. */
  private static String quote(String key, String value) {
    String brief = Printable.brief(value);
    String kind = key.equals("match") ? "the pattern" : "the text";
    return "%s begins with '%s', %s; quote %s: %s: \"%s\""
        .formatted(kind, brief.substring(0, 1), RESERVED, kind, key, brief);
  }

  /** How to write a value at a place of a line, if it begins with a sign of YAML. */
  Optional<String> quoteAt(int line, int column) {
    Matcher matcher = UNQUOTED.matcher(text(line));
    while (matcher.find()) {
      if (matcher.start(2) + 1 <= column && column <= matcher.end(2) + 1) {
        return Optional.of(quote(matcher.group(1), matcher.group(2)));
      }
    }
    return Optional.empty();
  }

  private Optional<MalformedPolicyException> unquoted(Place place, MarkedYamlEngineException e) {
    Optional<String> quoted = quoteAt(place.line(), place.column());
    if (quoted.isEmpty() && String.valueOf(e.getContext()).contains("alias")) {
      quoted = Optional.of("a text begins with '*', " + RESERVED + "; put it in quotation marks");
    }
    return quoted.map(what -> refused(place, what, e));
  }

  private Optional<MalformedPolicyException> tab(Place place, MarkedYamlEngineException e) {
    return TAB.matcher(text(place.line())).lookingAt()
        ? Optional.of(
            refused(
                place,
                "expected spaces at the start of the line, found a tab; YAML is indented with"
                    + " spaces only",
                e))
        : Optional.empty();
  }

  /** A list, a map or a text that began and has no end: where it began is where to look. */
  private Optional<MalformedPolicyException> endless(
      Place place, String problem, MarkedYamlEngineException e) {
    String context = String.valueOf(e.getContext());
    Optional<Mark> start = e.getContextMark();
    if (start.isEmpty()) {
      return Optional.empty();
    }
    if (context.contains("quoted scalar")) {
      return Optional.of(
          refused(
              at(start.get(), place.field()),
              "the text in quotation marks that begins here has no end",
              e));
    }
    boolean map = context.contains("flow mapping");
    if (!map && !context.contains("flow sequence")) {
      return Optional.empty();
    }
    Matcher found = Pattern.compile("but (?:got|found) (.*)").matcher(problem);
    String what = found.find() ? shown(found.group(1)) : "something else";
    return Optional.of(
        refused(
            place,
            "expected ',' or '%s' after a value of the %s that begins in line %d, found %s"
                .formatted(map ? "}" : "]", map ? "map" : "list", start.get().getLine() + 1, what),
            e));
  }

  private static String shown(String token) {
    if (token.contains("stream end")) {
      return "the end of the file";
    }
    String bare = token.replaceAll("^[<']|[>']$", "");
    return bare.length() <= 2 ? Printable.quote(bare) : "something else";
  }

  /** A key in this line, or in the one above it, whose colon has no space behind it. */
  private Optional<MalformedPolicyException> noSpace(
      Place place, String problem, MarkedYamlEngineException e) {
    if (!problem.contains("mapping values are not allowed")
        && !problem.contains("could not find expected ':'")) {
      return Optional.empty();
    }
    for (int line : new int[] {place.line(), above(place.line())}) {
      Matcher matcher = JOINED.matcher(text(line));
      if (line > 0 && matcher.matches()) {
        return Optional.of(
            refused(
                new Place(line, matcher.start(2), place.field()),
                "expected a space after the colon, such as '%s: %s'"
                    .formatted(matcher.group(1), Printable.brief(matcher.group(2).strip())),
                e));
      }
    }
    return Optional.empty();
  }

  /** A line that is indented as none above it is. */
  private Optional<MalformedPolicyException> indented(
      Place place, String problem, MarkedYamlEngineException e) {
    boolean nested = problem.contains("mapping values are not allowed");
    if (!nested && !problem.contains("block end") && !problem.contains("block mapping start")) {
      return Optional.empty();
    }
    int found = indentation(text(place.line()));
    List<Integer> open = open(place.line());
    int keyAt = text(place.line()).indexOf(':');
    if (open.contains(found)) {
      return nested && keyAt >= 0 && keyAt + 1 < place.column()
          ? Optional.of(
              refused(
                  place,
                  "expected one 'name: value' in a line, found another ': ' in the value; quote the"
                      + " value, or begin a line",
                  e))
          : Optional.empty();
    }
    return Optional.of(
        refused(
            place,
            "wrong indentation: expected %s, as lines above have, found %d"
                .formatted(spaces(open), found),
            e));
  }

  private static String spaces(List<Integer> open) {
    String last = open.get(open.size() - 1) + (open.equals(List.of(1)) ? " space" : " spaces");
    return open.size() == 1
        ? last
        : open.subList(0, open.size() - 1).stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", "))
            + " or "
            + last;
  }

  /** How far the maps and lists are indented that a line can continue, from the outermost. */
  private List<Integer> open(int line) {
    Deque<Integer> open = new ArrayDeque<>();
    for (int above = Math.max(1, line - MAX_ABOVE); above < line; above++) {
      String text = text(above);
      if (isContent(text)) {
        int indentation = indentation(text);
        while (!open.isEmpty() && open.getLast() >= indentation) {
          open.removeLast();
        }
        open.addLast(indentation);
        while (text.startsWith("- ", open.getLast())) {
          int inner = open.getLast() + 2;
          while (text.startsWith(" ", inner)) {
            inner++;
          }
          open.addLast(inner);
        }
      }
    }
    return open.isEmpty() ? List.of(0) : List.copyOf(open);
  }

  private int above(int line) {
    int above = line - 1;
    while (above > 0 && !isContent(text(above))) {
      above--;
    }
    return above;
  }

  private static boolean isContent(String line) {
    String content = line.strip();
    return !content.isEmpty() && !content.startsWith("#") && !content.equals("---");
  }

  private static int indentation(String line) {
    int spaces = 0;
    while (line.startsWith(" ", spaces)) {
      spaces++;
    }
    return spaces;
  }

  private String text(int line) {
    return line < 1 || line > lines.size() ? "" : shortened(lines.get(line - 1));
  }

  private static String shortened(String line) {
    return line.length() > MAX_LINE ? "" : line;
  }

  private static String plain(String problem) {
    return Printable.brief(problem.replaceAll("[\\s\\p{Cntrl}]+", " ").strip());
  }

  private static Place at(Mark mark, String field) {
    return new Place(line(mark), column(mark), field);
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }

  private static int column(Mark mark) {
    return mark.getColumn() + 1;
  }

  private MalformedPolicyException refused(
      Place place, String what, @Nullable MarkedYamlEngineException cause) {
    return new MalformedPolicyException(file, place, "not YAML or JSON: " + what, cause);
  }
}
