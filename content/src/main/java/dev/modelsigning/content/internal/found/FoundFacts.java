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

/** Collects the facts about one file, within limits. */
public final class FoundFacts {

  /**
   * The number of parts of a file that are reported separately as runnable; the others are
   * combined.
   */
  public static final int MAX_PARTS = 100;

  /** The largest number of findings with the same rule that are kept for a file. */
  public static final int MAX_FINDINGS = 5;

  /** The largest number of characters of a message that are kept, besides the name of the part. */
  private static final int MAX_MESSAGE = 400;

  private final String file;
  private final List<RunnableContent> runnable = new ArrayList<>();
  private final Map<Kind, FoundNames> rest = new EnumMap<>(Kind.class);
  private final Map<Rule, List<Finding>> findings = new LinkedHashMap<>();
  private final Map<Rule, Integer> counts = new LinkedHashMap<>();
  private boolean isMuted;

  /**
   * Creates an empty collection for a file.
   *
   * @param file the file, by its name in the manifest
   */
  public FoundFacts(String file) {
    this.file = file;
  }

  /**
   * Adds runnable content.
   *
   * @param part the part of the file
   * @param kind the kind of content
   * @param names the names in it; it is unusual if one of them is
   */
  public void runs(Optional<String> part, Kind kind, FoundNames names) {
    if (runnable.size() < MAX_PARTS) {
      runnable.add(content(part.map(FoundFacts::cut), kind, names));
    } else {
      rest.computeIfAbsent(kind, key -> new FoundNames()).addAll(names);
    }
  }

  /** Adds runnable content without names. */
  public void runs(Optional<String> part, Kind kind) {
    runs(part, kind, new FoundNames());
  }

  /**
   * Adds a finding about a defect of the file, or what could not be determined.
   *
   * @param part the part of the file
   * @param message the finding, without the names of the file and the part
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
   * Suppresses findings until the next call, or stops to do so.
   *
   * @param isNoise whether the data that is read may be noise
   * @return whether they were suppressed before
   */
  public boolean mute(boolean isNoise) {
    boolean before = isMuted;
    isMuted = isNoise;
    return before;
  }

  /** All facts. */
  public FileFacts facts() {
    List<RunnableContent> all = new ArrayList<>(runnable);
    for (Map.Entry<Kind, FoundNames> entry : rest.entrySet()) {
      all.add(content(Optional.of("other parts"), entry.getKey(), entry.getValue()));
    }
    List<Finding> told = new ArrayList<>();
    for (Map.Entry<Rule, List<Finding>> entry : findings.entrySet()) {
      Rule rule = entry.getKey();
      List<Finding> some = entry.getValue();
      told.addAll(some);
      int more = counts.getOrDefault(rule, 0) - some.size();
      if (more > 0) {
        told.add(Finding.of(rule, file + ": " + more + " more of this kind").withFile(file));
      }
    }
    return new FileFacts(all, List.of(), told);
  }

  private RunnableContent content(Optional<String> part, Kind kind, FoundNames names) {
    return new RunnableContent(file, part, kind, names.first(), names.more(), names.isUnusual());
  }

  private static String cut(String part) {
    return FoundNames.cut(part, RunnableContent.MAX_NAME_LENGTH);
  }
}
