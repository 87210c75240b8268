package dev.modelsigning.facts;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.finding.Severity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
    for (RunnableContent one : facts.runnable()) {
      if (one.unusual()) {
        return true;
      }
    }
    for (Finding one : facts.findings()) {
      if (one.severity() != Severity.NOTE) {
        return true;
      }
    }
    return false;
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
    long length = 0;
    for (String name : names) {
      length += name.length();
    }
    return length;
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
    long more = 0;
    for (Map.Entry<String, Integer> entry : left.entrySet()) {
      if (same.test(entry.getKey())) {
        more += entry.getValue();
      }
    }
    runnable.sort(ContentCollector::compare);
    card.sort(ContentCollector::compare);
    findings.sort(ContentCollector::compare);
    return new ContentFacts(runnable, more, card, findings);
  }

  // Not from Comparator.comparing, whose classes a JVM generates at each start, as they are
  // serializable.

  private static int compare(RunnableContent one, RunnableContent other) {
    int order = one.file().compareTo(other.file());
    if (order == 0) {
      order = one.part().orElse("").compareTo(other.part().orElse(""));
    }
    return order == 0 ? one.kind().compareTo(other.kind()) : order;
  }

  private static int compare(CardEntry one, CardEntry other) {
    int order = one.field().compareTo(other.field());
    return order == 0 ? one.file().compareTo(other.file()) : order;
  }

  private static int compare(Finding one, Finding other) {
    int order = one.file().orElse("").compareTo(other.file().orElse(""));
    if (order == 0) {
      order = one.rule().code().compareTo(other.rule().code());
    }
    return order == 0 ? one.message().compareTo(other.message()) : order;
  }
}
