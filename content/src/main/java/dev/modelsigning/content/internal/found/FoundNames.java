package dev.modelsigning.content.internal.found;

import dev.modelsigning.facts.RunnableContent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names that were found in one place, each once, the more striking ones first. An attacker cannot
 * hide a striking name behind thousands of others.
 */
public final class FoundNames {

  /**
   * The number of names of a rank that are distinguished; beyond that, duplicates are counted
   * twice.
   */
  static final int MAX_KNOWN = 1_000;

  /** By rank; those of which there is a name. */
  private final Map<Rank, Set<String>> ranks = new EnumMap<>(Rank.class);

  private long more;

  /** How striking a name is. */
  public enum Rank {
    /** Known to run its arguments, or to change the machine. */
    STRIKING,
    /** Not among the usual names. */
    UNUSUAL,
    /** Occurs in most models of the kind. */
    USUAL
  }

  /** Adds a name, truncated to {@link RunnableContent#MAX_NAME_LENGTH}. */
  public void add(Rank rank, String name) {
    Set<String> names = ranks.computeIfAbsent(rank, key -> new LinkedHashSet<>());
    String kept = cut(name, RunnableContent.MAX_NAME_LENGTH);
    if (names.size() < MAX_KNOWN) {
      names.add(kept);
    } else if (!names.contains(kept)) {
      more++;
    }
  }

  /** Adds all names of another collection. */
  public void addAll(FoundNames other) {
    other.ranks.forEach((rank, names) -> names.forEach(name -> add(rank, name)));
    more += other.more;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return more == 0 && ranks.isEmpty();
  }

  /** Whether one of them is not usual. */
  boolean isUnusual() {
    return ranks.containsKey(Rank.STRIKING) || ranks.containsKey(Rank.UNUSUAL);
  }

  /** The first {@link RunnableContent#MAX_NAMES} names. */
  List<String> first() {
    List<String> first = new ArrayList<>();
    for (Set<String> names : ranks.values()) {
      for (String name : names) {
        if (first.size() == RunnableContent.MAX_NAMES) {
          return first;
        }
        first.add(name);
      }
    }
    return first;
  }

  /** The number of further names. */
  long more() {
    long all = 0;
    for (Set<String> names : ranks.values()) {
      all += names.size();
    }
    return more + Math.max(0, all - RunnableContent.MAX_NAMES);
  }

  /** Truncates a text, without splitting a surrogate pair. */
  static String cut(String name, int maxLength) {
    if (name.length() <= maxLength) {
      return name;
    }
    int end = maxLength - 3;
    return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end)
        + "...";
  }
}
