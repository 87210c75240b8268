package dev.modelsigning.content.internal.card;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads fields of a YAML mapping, event by event, so that nothing is constructed or expanded.
 * Constructs that parsers interpret differently are refused: duplicate names, aliases, tags,
 * several documents.
 */
final class CardYaml {

  /** The largest depth of lists and mappings. */
  static final int MAX_DEPTH = 32;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setLabel("front matter")
          .setCodePointLimit(FrontMatter.MAX_LENGTH)
          .setParseComments(false)
          .build();

  private final Predicate<String> wanted;
  private final BiConsumer<String, String> values;
  private final Deque<Collection> open = new ArrayDeque<>();
  private boolean started;

  /** The field of the outermost mapping whose value is being read. */
  private @Nullable String field;

  /** A list or mapping that is still open. */
  private static final class Collection {
    final boolean mapping;
    final Set<String> names = new HashSet<>();
    boolean atName;

    Collection(boolean mapping) {
      this.mapping = mapping;
      this.atName = mapping;
    }
  }

  private CardYaml(Predicate<String> wanted, BiConsumer<String, String> values) {
    this.wanted = wanted;
    this.values = values;
  }

  /**
   * Reads a document.
   *
   * @param wanted whether a field of the outermost mapping is requested
   * @param values receives the name of such a field with its value, or each value of its list, as
   *     written; null and deeper nested values are omitted
   * @throws UnreadableCardException if it is not YAML, or is ambiguous
   */
  static void read(String text, Predicate<String> wanted, BiConsumer<String, String> values)
      throws UnreadableCardException {
    CardYaml reader = new CardYaml(wanted, values);
    try {
      ParserImpl events = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
      while (events.hasNext()) {
        reader.take(events.next());
      }
    } catch (MarkedYamlEngineException e) {
      throw (UnreadableCardException)
          new UnreadableCardException("not YAML: " + e.getProblem() + place(e.getProblemMark()))
              .initCause(e);
    } catch (YamlEngineException e) {
      throw (UnreadableCardException)
          new UnreadableCardException("not YAML: " + e.getMessage()).initCause(e);
    }
  }

  /** Lines are counted from 1, in the file, whose first line is that of the dashes. */
  private static String place(Optional<Mark> mark) {
    return mark.map(at -> " at line " + (at.getLine() + 1) + ", column " + (at.getColumn() + 1))
        .orElse("");
  }

  private void take(Event event) throws UnreadableCardException {
    if (event instanceof DocumentStartEvent) {
      if (started) {
        throw refused("one document", "another one", event);
      }
      started = true;
    } else if (event instanceof AliasEvent) {
      throw refused("no aliases", "one", event);
    } else if (event instanceof ScalarEvent scalar) {
      requireNoTag(scalar.getTag(), scalar);
      scalar(scalar);
    } else if (event instanceof CollectionStartEvent start) {
      requireNoTag(start.getTag(), start);
      start(start);
    } else if (event instanceof MappingEndEvent || event instanceof SequenceEndEvent) {
      open.pop();
      valueEnded();
    }
  }

  private static void requireNoTag(Optional<String> tag, NodeEvent event)
      throws UnreadableCardException {
    if (tag.isPresent()) {
      throw refused("no tags", "one", event);
    }
  }

  private void scalar(ScalarEvent scalar) throws UnreadableCardException {
    Collection inner = open.peek();
    if (inner == null) {
      if (!isNull(scalar)) {
        throw refused("fields and their values", "a value", scalar);
      }
      return;
    }
    if (inner.atName) {
      if (!inner.names.add(scalar.getValue())) {
        throw refused("each name once", "one again", scalar);
      }
      inner.atName = false;
      if (open.size() == 1) {
        field = wanted.test(scalar.getValue()) ? scalar.getValue() : null;
      }
      return;
    }
    boolean listed = open.size() == 2 && !inner.mapping;
    if (field != null && (open.size() == 1 || listed) && !isNull(scalar)) {
      values.accept(field, scalar.getValue());
    }
    valueEnded();
  }

  private void start(CollectionStartEvent event) throws UnreadableCardException {
    Collection outer = open.peek();
    boolean mapping = event instanceof MappingStartEvent;
    if (outer == null && !mapping) {
      throw refused("fields and their values", "a list", event);
    }
    if (outer != null && outer.atName) {
      throw refused("a name", "a list or a mapping", event);
    }
    if (open.size() == MAX_DEPTH) {
      throw refused("at most " + MAX_DEPTH + " levels", "more", event);
    }
    open.push(new Collection(mapping));
  }

  private void valueEnded() {
    Collection inner = open.peek();
    if (inner != null && inner.mapping) {
      inner.atName = true;
    }
  }

  /** A plain scalar that means null, in YAML 1.1 and 1.2. */
  private static boolean isNull(ScalarEvent scalar) {
    String value = scalar.getValue();
    return scalar.isPlain()
        && (value.isEmpty() || value.equals("~") || value.equalsIgnoreCase("null"));
  }

  private static UnreadableCardException refused(String expected, String found, Event event) {
    return new UnreadableCardException(
        "the front matter: expected "
            + expected
            + ", found "
            + found
            + place(event.getStartMark()));
  }
}
