package dev.modelsigning.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many tests succeeded, failed and were skipped, the latter by reason. A file holds such counts
 * as lines of a number, a tab and what it counts, to which processes append.
 */
final class TestCounts {

  private static final String STARTED = "started";
  private static final String ENDED = "ended";
  private static final String SUCCEEDED = "succeeded";
  private static final String FAILED = "failed";
  private static final String SKIPPED = "skipped: ";

  private final Map<String, Long> counts = new TreeMap<>();

  /** The counts of a JVM that has started its tests; it adds others when these have ended. */
  static TestCounts ofAStart() {
    TestCounts start = new TestCounts();
    start.add(1, STARTED);
    return start;
  }

  void ended() {
    add(1, ENDED);
  }

  void succeeded() {
    add(1, SUCCEEDED);
  }

  void failed() {
    add(1, FAILED);
  }

  void skipped(long tests, String reason) {
    add(tests, SKIPPED + reason.lines().findFirst().orElse("no reason given").strip());
  }

  private void add(long number, String what) {
    counts.merge(what, number, Long::sum);
  }

  private long count(String what) {
    return counts.getOrDefault(what, 0L);
  }

  /** Adds these to those in a directory, and writes the line about all to its file summary. */
  void addTo(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (FileChannel file =
        FileChannel.open(
            directory.resolve("counts"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      file.lock(); // until it is closed
      TestCounts all = new TestCounts();
      String earlier = new String(Channels.newInputStream(file).readAllBytes(), UTF_8);
      earlier.lines().forEach(all::addLine);
      for (String line : (Iterable<String>) lines().lines()::iterator) {
        all.addLine(line);
      }
      file.write(ByteBuffer.wrap(lines().getBytes(UTF_8)), file.size());
      Files.writeString(directory.resolve("summary"), all.line() + "\n");
    }
  }

  private String lines() {
    return counts.entrySet().stream()
        .map(entry -> entry.getValue() + "\t" + entry.getKey() + "\n")
        .collect(joining());
  }

  private void addLine(String line) {
    int tab = line.indexOf('\t');
    add(Long.parseLong(line.substring(0, tab)), line.substring(tab + 1));
  }

  /** All in one line, the most common reason first. */
  String line() {
    long failed = count(FAILED);
    Map<String, Long> reasons = new TreeMap<>(counts);
    reasons.keySet().removeIf(what -> !what.startsWith(SKIPPED));
    long skipped = reasons.values().stream().mapToLong(Long::longValue).sum();
    StringBuilder line =
        new StringBuilder("tests: ").append(number(count(SUCCEEDED) + failed)).append(" ran");
    if (failed > 0) {
      line.append(" and ").append(number(failed)).append(" of them failed");
    }
    line.append(", ").append(number(skipped)).append(" skipped");
    if (skipped > 0) {
      line.append(
          reasons.entrySet().stream()
              .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
              .map(each ->
                  number(each.getValue()) + ": " + each.getKey().substring(SKIPPED.length()))
              .collect(joining("; ", " (", ")")));
    }
    long unfinished = count(STARTED) - count(ENDED);
    if (unfinished > 0) {
      line.append(", and ").append(number(unfinished)).append(" of ");
      line.append(number(count(STARTED))).append(" JVMs with tests did not end");
    }
    return line.toString();
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
