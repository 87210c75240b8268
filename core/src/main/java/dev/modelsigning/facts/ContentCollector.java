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

/** Runs an inspector over the files of one model, and collects the facts. It is thread-safe. */
public final class ContentCollector {

  /** The largest number of facts and findings that are kept, over all files. */
  public static final int MAX_FACTS = 10_000;

  /**
   * The largest number of characters of them that are kept, so that a few files with many long
   * names cannot exhaust memory or fill a report.
   */
  public static final int MAX_TEXT = 8_000_000;

  private final ContentInspector inspector;

  // Guarded by this.
  private final Map<String, FileFacts> files = new HashMap<>();
  private final Map<String, Integer> left = new HashMap<>();
  private int kept;
  private long text;

  /** Creates an empty collector. */
  public ContentCollector(ContentInspector inspector) {
    this.inspector = inspector;
  }

  /** Asks the inspector about a file. */
  public Optional<FileInspection> begin(String name, long size, ByteBuffer start) {
    return inspector.begin(name, size, start);
  }

  /**
   * Adds the facts of a file. Beyond {@link #MAX_FACTS} and {@link #MAX_TEXT} runnable content is
   * only counted, and other facts are dropped. Half of both limits is reserved for files with
   * something unusual, so that thousands of ordinary files cannot hide it.
   *
   * @throws IllegalStateException if the file was added before
   */
  public synchronized void add(String name, FileFacts facts) {
    int number = facts.runnable().size() + facts.card().size() + facts.findings().size();
    if (number == 0) {
      return;
    }
    if (files.containsKey(name) || left.containsKey(name)) {
      throw new IllegalStateException("added twice: " + name);
    }
    long length = length(facts);
    int share = isUnusual(facts) ? 1 : 2;
    if (kept + number > MAX_FACTS / share || text + length > MAX_TEXT / share) {
      // One number for each file; the number of files has its own limit.
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
   * The facts that were found.
   *
   * @param same whether the file with this name matches the signed digests; facts of other files
   *     are dropped
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
