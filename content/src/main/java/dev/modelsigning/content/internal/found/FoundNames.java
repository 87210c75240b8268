package dev.modelsigning.content.internal.found;

import dev.modelsigning.facts.RunnableContent;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names that were found in one place, each once, the more striking ones first. A stranger who names
 * thousands of things does not hide one that is more striking behind them.
 */
public final class FoundNames {

  /** How many names of a rank are told apart; beyond that, one that comes twice counts twice. */
  static final int MAX_KNOWN = 1_000;

  private final Map<Rank, Set<String>> ranks = new EnumMap<>(Rank.class);
  private long more;

  /** How striking a name is. */
  public enum Rank {
    /** It is known to run what it is given, or to change the machine. */
    STRIKING,
    /** It is not among the usual ones. */
    UNUSUAL,
    /** Most models of the kind name it. */
    USUAL
  }

  /** No names. */
  public FoundNames() {
    for (Rank rank : Rank.values()) {
      ranks.put(rank, new LinkedHashSet<>());
    }
  }

  private Set<String> of(Rank rank) {
    return ranks.computeIfAbsent(rank, key -> new LinkedHashSet<>());
  }

  /** Adds a name, cut to {@link RunnableContent#MAX_NAME_LENGTH}. */
  public void add(Rank rank, String name) {
    Set<String> names = of(rank);
    String kept = cut(name, RunnableContent.MAX_NAME_LENGTH);
    if (names.size() < MAX_KNOWN) {
      names.add(kept);
    } else if (!names.contains(kept)) {
      more++;
    }
  }

  /** Adds all names of another place. */
  public void addAll(FoundNames other) {
    for (Rank rank : Rank.values()) {
      other.of(rank).forEach(name -> add(rank, name));
    }
    more += other.more;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return more == 0 && ranks.values().stream().allMatch(Set::isEmpty);
  }

  /** Whether one of them is not usual. */
  boolean isUnusual() {
    return !of(Rank.STRIKING).isEmpty() || !of(Rank.UNUSUAL).isEmpty();
  }

  /** The first {@link RunnableContent#MAX_NAMES}. */
  List<String> first() {
    return ranks.values().stream().flatMap(Set::stream).limit(RunnableContent.MAX_NAMES).toList();
  }

  /** How many there are besides. */
  long more() {
    long all = ranks.values().stream().mapToLong(Set::size).sum();
    return more + Math.max(0, all - RunnableContent.MAX_NAMES);
  }

  /** Cuts a text, and leaves no half of a character at the end. */
  static String cut(String name, int maxLength) {
    if (name.length() <= maxLength) {
      return name;
    }
    int end = maxLength - 3;
    return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end)
        + "...";
  }
}
