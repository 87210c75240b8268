package dev.modelsigning.content.internal.found;

import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.RunnableContent;
import dev.modelsigning.facts.RunnableContent.Kind;
import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Rule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects what is found in one file, within bounds. */
public final class FoundFacts {

  /** Of how many parts of a file it is told apart what can run; the others are put together. */
  public static final int MAX_PARTS = 100;

  /** How many findings by one rule are kept of a file. */
  public static final int MAX_FINDINGS = 5;

  /** The most characters of a message that are kept, besides the name of the part. */
  private static final int MAX_MESSAGE = 400;

  private final String file;
  private final List<RunnableContent> runnable = new ArrayList<>();
  private final Map<Kind, FoundNames> rest = new EnumMap<>(Kind.class);
  private final Map<Rule, List<Finding>> findings = new LinkedHashMap<>();
  private final Map<Rule, Integer> counts = new LinkedHashMap<>();
  private boolean isMuted;

  /**
   * Facts of a file.
   *
   * @param file the file, by its name in the manifest
   */
  public FoundFacts(String file) {
    this.file = file;
  }

  /**
   * Something can run.
   *
   * @param part which part of the file it is
   * @param kind what it is
   * @param names what it names; it is unusual if one of them is
   */
  public void runs(Optional<String> part, Kind kind, FoundNames names) {
    if (runnable.size() < MAX_PARTS) {
      runnable.add(content(part.map(FoundFacts::cut), kind, names));
    } else {
      rest.computeIfAbsent(kind, key -> new FoundNames()).addAll(names);
    }
  }

  /** Something can run, and it names nothing. */
  public void runs(Optional<String> part, Kind kind) {
    runs(part, kind, new FoundNames());
  }

  /**
   * Something is wrong with the file, or could not be found out.
   *
   * @param part which part of the file it is about
   * @param message what; without the names of the file and the part
   */
  public void finding(Rule rule, Optional<String> part, String message) {
    if (!isMuted && counts.merge(rule, 1, Integer::sum) <= MAX_FINDINGS) {
      String kept = FoundNames.cut(message, MAX_MESSAGE);
      String text = file + part.map(name -> ", " + cut(name)).orElse("") + ": " + kept;
      findings
          .computeIfAbsent(rule, key -> new ArrayList<>())
          .add(Finding.of(rule, text).withFile(file));
    }
  }

  /**
   * Passes over findings until this is called again, or does so no more.
   *
   * @param isNoise whether what is read may be noise
   * @return whether they were passed over before
   */
  public boolean mute(boolean isNoise) {
    boolean before = isMuted;
    isMuted = isNoise;
    return before;
  }

  /** All of it. */
  public FileFacts facts() {
    List<RunnableContent> all = new ArrayList<>(runnable);
    rest.forEach((kind, names) -> all.add(content(Optional.of("other parts"), kind, names)));
    List<Finding> told = new ArrayList<>();
    findings.forEach((rule, some) -> {
      told.addAll(some);
      int more = counts.getOrDefault(rule, 0) - some.size();
      if (more > 0) {
        told.add(Finding.of(rule, file + ": " + more + " more of this kind").withFile(file));
      }
    });
    return new FileFacts(all, List.of(), told);
  }

  private RunnableContent content(Optional<String> part, Kind kind, FoundNames names) {
    return new RunnableContent(file, part, kind, names.first(), names.more(), names.isUnusual());
  }

  private static String cut(String part) {
    return FoundNames.cut(part, RunnableContent.MAX_NAME_LENGTH);
  }
}
