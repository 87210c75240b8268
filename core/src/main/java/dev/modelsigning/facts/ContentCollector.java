package dev.modelsigning.facts;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Severity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Has the files of one model looked into, and collects what is found. It can be used by several
 * threads at once.
 */
public final class ContentCollector {

  /** The most facts and findings that are kept, of all files together. */
  public static final int MAX_FACTS = 10_000;

  /**
   * The most characters that are kept of them, so that few files with many long names do not take
   * all memory, nor fill a report.
   */
  public static final int MAX_TEXT = 8_000_000;

  private final ContentInspector inspector;

  // Guarded by this.
  private final Map<String, FileFacts> files = new HashMap<>();
  private final Map<String, Integer> left = new HashMap<>();
  private int kept;
  private long text;

  /** A collector that has nothing. */
  public ContentCollector(ContentInspector inspector) {
    this.inspector = inspector;
  }

  /** Asks the inspector about a file. */
  public Optional<FileInspection> begin(String name, long size, ByteBuffer start) {
    return inspector.begin(name, size, start);
  }

  /**
   * Takes what was found in a file. Beyond {@link #MAX_FACTS} and {@link #MAX_TEXT} what can run is
   * only counted, and the rest is left out. Half of both is kept for files with something unusual,
   * so that thousands of usual ones do not hide it.
   *
   * @throws IllegalStateException if the file was told before
   */
  public synchronized void add(String name, FileFacts facts) {
    int number = facts.runnable().size() + facts.card().size() + facts.findings().size();
    if (number == 0) {
      return;
    }
    if (files.containsKey(name) || left.containsKey(name)) {
      throw new IllegalStateException("told twice: " + name);
    }
    long length = length(facts);
    int share = isUnusual(facts) ? 1 : 2;
    if (kept + number > MAX_FACTS / share || text + length > MAX_TEXT / share) {
      // One number for each file; of more files than that, the number of files has its own bound.
      left.put(name, Math.max(1, facts.runnable().size()));
    } else {
      files.put(name, facts);
      kept += number;
      text += length;
    }
  }

  private static boolean isUnusual(FileFacts facts) {
    return facts.runnable().stream().anyMatch(RunnableContent::unusual)
        || facts.findings().stream().anyMatch(one -> one.severity() != Severity.NOTE);
  }

  private static long length(FileFacts facts) {
    long length = 0;
    for (RunnableContent one : facts.runnable()) {
      length += one.part().map(String::length).orElse(0);
      length += length(one.names());
    }
    for (CardEntry one : facts.card()) {
      length += length(one.values());
    }
    for (Finding one : facts.findings()) {
      length += one.message().length();
    }
    return length;
  }

  private static long length(List<String> names) {
    return names.stream().mapToLong(String::length).sum();
  }

  /**
   * What was found.
   *
   * @param same says of a file's name whether its digests are those that were signed; facts of
   *     others are dropped
   */
  public synchronized ContentFacts facts(Predicate<String> same) {
    List<RunnableContent> runnable = new ArrayList<>();
    List<CardEntry> card = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    files.forEach((name, facts) -> {
      if (same.test(name)) {
        runnable.addAll(facts.runnable());
        card.addAll(facts.card());
        findings.addAll(facts.findings());
      }
    });
    long more =
        left.entrySet().stream()
            .filter(entry -> same.test(entry.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    runnable.sort(
        Comparator.comparing(RunnableContent::file)
            .thenComparing(one -> one.part().orElse(""))
            .thenComparing(RunnableContent::kind));
    card.sort(Comparator.comparing(CardEntry::field).thenComparing(CardEntry::file));
    findings.sort(
        Comparator.comparing((Finding one) -> one.file().orElse(""))
            .thenComparing(one -> one.rule().code())
            .thenComparing(Finding::message));
    return new ContentFacts(runnable, more, card, findings);
  }
}
