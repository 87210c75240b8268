package dev.modelsigning.internal.document;

import dev.modelsigning.facts.CardEntry;
import dev.modelsigning.facts.ContentFacts;
import dev.modelsigning.facts.RunnableContent;
import java.util.ArrayList;
import java.util.List;

/** What was found in the files of a model, as lines of text, which the caller must escape. */
public final class ContentText {

  /** Names beyond this number are only counted. */
  private static final int MOST_NAMES = 5;

  private ContentText() {}

  /** One line for each runnable content, unusual content first. */
  public static List<String> runnable(ContentFacts facts) {
    List<String> lines = new ArrayList<>();
    unusualFirst(facts).forEach(one -> lines.add(line(one)));
    if (facts.moreRunnable() > 0) {
      lines.add(facts.moreRunnable() + " more, which were counted and not kept");
    }
    return lines;
  }

  /** Runnable content, unusual content first. */
  public static List<RunnableContent> unusualFirst(ContentFacts facts) {
    List<RunnableContent> ordered = new ArrayList<>(facts.runnable());
    ordered.sort((one, other) -> Boolean.compare(other.unusual(), one.unusual()));
    return ordered;
  }

  private static String line(RunnableContent one) {
    StringBuilder line = new StringBuilder(one.file());
    one.part().ifPresent(part -> line.append(", ").append(part));
    line.append(": ").append(one.kind().title());
    String names = names(one, MOST_NAMES);
    if (!names.isEmpty()) {
      line.append(one.unusual() ? ", unusual: " : ": ").append(names);
    } else if (one.unusual()) {
      line.append(", unusual");
    }
    return line.toString();
  }

  /** The first names, and the number of the others. */
  public static String names(RunnableContent one, int most) {
    int shown = Math.min(most, one.names().size());
    String first = String.join(", ", one.names().subList(0, shown));
    long rest = one.names().size() - shown + one.more();
    return rest == 0 ? first : first + " and " + rest + " more";
  }

  /** One line for each statement of the card. */
  public static List<String> card(ContentFacts facts) {
    List<String> lines = new ArrayList<>();
    for (CardEntry entry : facts.card()) {
      lines.add(
          entry.field().title()
              + ": "
              + String.join(", ", entry.values())
              + " ("
              + entry.file()
              + ")");
    }
    return lines;
  }
}
