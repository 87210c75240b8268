package dev.modelsigning.policy.internal.tree;

import dev.modelsigning.internal.json.Printable;
import dev.modelsigning.policy.problem.MalformedPolicyException;
import dev.modelsigning.policy.problem.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads a policy in YAML 1.2, event by event, so that nothing is constructed or expanded. What
 * people or parsers read differently is refused: anchors, aliases, tags, merge keys, duplicate
 * keys, directives, several documents.
 *
 * <p>JSON is read by the same parser, since YAML 1.2 includes it: with tabs, escaped slashes and
 * pairs of surrogates. A key and its colon must be on one line, which every writer of JSON does.
 */
public final class TreeReader {

  /** The largest size of a policy, in bytes: 1 MiB. */
  public static final int MAX_SIZE = 1 << 20;

  /** The largest depth of lists and maps. */
  static final int MAX_DEPTH = 32;

  /** The largest number of values and keys. */
  static final int MAX_NODES = 100_000;

  /** The largest number of characters of a key. */
  static final int MAX_KEY = 200;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(MAX_SIZE).setParseComments(false).build();

  private static final Place WHOLE = new Place(1, "");

  private final String file;
  private final String text;
  private final Refusals refusals;
  private final ParserImpl events;
  private int nodes;

  private TreeReader(String file, String text, Refusals refusals) {
    this.file = file;
    this.text = text;
    this.refusals = refusals;
    this.events = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
  }

  /**
   * Reads a policy.
   *
   * @param file named in messages
   * @param bytes UTF-8, with or without a byte order mark
   * @throws MalformedPolicyException if it is not a single document without what is refused
   */
  public static Node read(String file, byte[] bytes) throws MalformedPolicyException {
    return read(file, bytes, Refusals.thrown());
  }

  /**
   * Reads a policy, as far as it can be.
   *
   * @param refusals what becomes of a refusal after which the reading can go on
   * @throws MalformedPolicyException for any other
   */
  static Node read(String file, byte[] bytes, Refusals refusals) throws MalformedPolicyException {
    return new TreeReader(file, PolicyBytes.decode(file, bytes), refusals).document();
  }

  /** Reads a policy as a value, with the same exceptions. */
  public static Value value(String file, byte[] bytes, Refusals refusals)
      throws MalformedPolicyException {
    return new Value(file, read(file, bytes, refusals), refusals);
  }

  private Node document() throws MalformedPolicyException {
    next(WHOLE); // the start of the stream
    if (!(next(WHOLE) instanceof DocumentStartEvent start)) {
      throw refused(WHOLE, "expected a policy, found nothing");
    }
    requireNoDirectives(start);
    Event first = next(WHOLE);
    Node node = node(first, new Place(line(first), column(first), ""), 1);
    next(WHOLE); // the end of the document
    Event end = next(WHOLE);
    if (end instanceof DocumentStartEvent) {
      throw refused(
          new Place(line(end), column(end), ""),
          "expected one document, found another one; leave out the line '---' that begins it");
    }
    if (node instanceof TextNode only && only.isNothing()) {
      throw refused(WHOLE, "expected a policy, found nothing");
    }
    return node;
  }

  /**
   * The parser passes over directives that it does not know, so they are looked for in the text.
   */
  private void requireNoDirectives(DocumentStartEvent start) throws MalformedPolicyException {
    if (!start.isExplicit()) {
      return;
    }
    int dashes = start.getEndMark().map(Mark::getLine).orElse(0);
    List<String> before = text.lines().limit(dashes).toList();
    for (int i = 0; i < before.size(); i++) {
      String line = before.get(i);
      if (line.startsWith("%") && !line.matches("%YAML[ \\t]+1\\.2([ \\t]+#.*|[ \\t]*)")) {
        throw refused(
            new Place(i + 1, ""),
            "expected no directive but '%YAML 1.2', found " + Printable.quote(line));
      }
    }
  }

  private Node node(Event event, Place place, int depth) throws MalformedPolicyException {
    if (event instanceof AliasEvent alias) {
      MalformedPolicyException refusal = alias(alias, place);
      refusals.add(refusal);
      return new RefusedNode(place, refusal);
    }
    requirePlain(event, place);
    if (event instanceof ScalarEvent scalar) {
      return text(scalar, place);
    }
    if (!(event instanceof CollectionStartEvent)) {
      throw refused(place, "expected a value, found " + event.getEventId());
    }
    if (depth > MAX_DEPTH) {
      throw refused(place, "expected at most " + MAX_DEPTH + " levels of lists and maps");
    }
    return event instanceof MappingStartEvent ? map(place, depth) : list(place, depth);
  }

  private Node text(ScalarEvent scalar, Place place) throws MalformedPolicyException {
    try {
      requireText(scalar.getValue(), place);
    } catch (MalformedPolicyException e) {
      MalformedPolicyException refusal =
          scalar.getScalarStyle() == ScalarStyle.DOUBLE_QUOTED
              ? refused(
                  place,
                  e.what() + "; a backslash in double quotation marks begins such a character")
              : e;
      refusals.add(refusal);
      return new RefusedNode(place, refusal);
    }
    return new TextNode(place, scalar.getValue(), !scalar.isPlain());
  }

  private MalformedPolicyException alias(AliasEvent event, Place place) {
    Optional<String> quoted =
        place.field().endsWith("match")
            ? new SyntaxError(file, text).quoteAt(line(event), column(event))
            : Optional.empty();
    String alias = "*" + event.getAlias().getValue();
    return refused(
        place,
        quoted.orElseGet(() ->
            "expected no alias, found "
                + Printable.quote(alias)
                + "; write the value itself, or, if it is a text, quote it"));
  }

  private ListNode list(Place place, int depth) throws MalformedPolicyException {
    List<Node> items = new ArrayList<>();
    Event event = next(place);
    while (event.getEventId() != Event.ID.SequenceEnd) {
      items.add(node(event, place.item(line(event), column(event), items.size()), depth + 1));
      event = next(place);
    }
    return new ListNode(place, items);
  }

  private MapNode map(Place place, int depth) throws MalformedPolicyException {
    Map<String, Node> entries = new LinkedHashMap<>();
    Event event = next(place);
    while (event.getEventId() != Event.ID.MappingEnd) {
      int line = line(event);
      int column = column(event);
      String key = key(event, new Place(line, column, place.field()));
      Place member = place.member(line, column, key);
      Node first = entries.get(key);
      if (first != null) {
        refusals.add(
            refused(member, "expected each key once, found it again after line " + line(first)));
      }
      entries.putIfAbsent(key, node(next(member), member, depth + 1));
      event = next(place);
    }
    return new MapNode(place, entries);
  }

  private String key(Event event, Place place) throws MalformedPolicyException {
    if (event instanceof AliasEvent alias) {
      throw alias(alias, place);
    }
    requirePlain(event, place);
    if (!(event instanceof ScalarEvent scalar)) {
      throw refused(place, "expected a text as a key, found a list or a map");
    }
    String key = scalar.getValue();
    if (key.equals("<<") && scalar.isPlain()) {
      throw refused(place, "expected no merge key '<<'; write the fields themselves");
    }
    if (key.isEmpty() || key.length() > MAX_KEY) {
      throw refused(
          place,
          "expected a key of 1 to %d characters, found one of %d".formatted(MAX_KEY, key.length()));
    }
    requireText(key, place);
    return key;
  }

  private void requirePlain(Event event, Place place) throws MalformedPolicyException {
    nodes++;
    if (nodes > MAX_NODES) {
      throw refused(place, "expected at most " + MAX_NODES + " values");
    }
    if (!(event instanceof NodeEvent node)) {
      return;
    }
    if (node.getAnchor().isPresent()) {
      refusals.add(
          refused(
              place,
              "expected no anchor, found "
                  + Printable.quote("&" + node.getAnchor().get().getValue())));
    }
    Optional<String> tag =
        event instanceof ScalarEvent scalar
            ? scalar.getTag()
            : ((CollectionStartEvent) event).getTag();
    if (tag.isPresent()) {
      refusals.add(refused(place, "expected no tag, found " + Printable.quote(tag.get())));
    }
  }

  private void requireText(String value, Place place) throws MalformedPolicyException {
    for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
      int c = value.codePointAt(i);
      if (PolicyBytes.isRefused(c)) {
        throw refused(
            place, "expected text of one line, found the character " + PolicyBytes.name(c));
      }
    }
  }

  private Event next(Place place) throws MalformedPolicyException {
    try {
      return events.next();
    } catch (MarkedYamlEngineException e) {
      SyntaxError error = new SyntaxError(file, text);
      MalformedPolicyException refusal = error.refusal(place, e);
      refusals.add(refusal);
      for (MalformedPolicyException more : error.alsoUnquoted(refusal)) {
        refusals.add(more);
      }
      throw refusal;
    } catch (YamlEngineException e) {
      String problem = String.valueOf(e.getMessage()).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
      throw new MalformedPolicyException(
          file, place, "not YAML or JSON: " + Printable.brief(problem), e);
    }
  }

  private int line(Event event) {
    return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  private int column(Event event) {
    return event.getStartMark().map(mark -> mark.getColumn() + 1).orElse(0);
  }

  private static int line(Node node) {
    return node.place().line();
  }

  private MalformedPolicyException refused(Place place, String what) {
    return new MalformedPolicyException(file, place, what);
  }
}
