package dev.modelsigning.cli.serve;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Something that was made of files, and is made again when they change. If that fails, what there
 * was stays, and that is said: once for each reason, and again every five minutes. Thread-safe.
 *
 * @param <T> what it is
 */
final class Reloaded<T> {

  private static final Duration AGAIN = Duration.ofMinutes(5);

  private final String name;
  private final Supplier<String> contents;
  private final Loading<T> loading;
  private final Duration most;
  private final Records records;
  private final Clock clock;

  // Written by one thread at a time.
  private String state;
  private String complaint = "";
  private Instant said = Instant.MIN;
  private Instant loadedAt;
  private volatile T value;
  private volatile boolean current = true;
  private volatile long failures;
  private volatile long loads = 1;

  /** Makes it. */
  @FunctionalInterface
  interface Loading<T> {
    /**
     * Reads the files.
     *
     * @throws UnusableFilesException if it cannot be made of them
     */
    T load() throws UnusableFilesException;
  }

  /** What is in the files cannot be used; the message is for people. */
  static final class UnusableFilesException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableFilesException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Makes it for the first time.
   *
   * @param name what it is, a word for records
   * @param contents tells one state of the files from another
   * @param most after this time it is made again, though nothing changed
   * @throws UnusableFilesException if it cannot be made
   */
  Reloaded(
      String name,
      Supplier<String> contents,
      Loading<T> loading,
      Duration most,
      Records records,
      Clock clock)
      throws UnusableFilesException {
    this.name = name;
    this.contents = contents;
    this.loading = loading;
    this.most = most;
    this.records = records;
    this.clock = clock;
    this.state = contents.get();
    this.value = loading.load();
    this.loadedAt = clock.instant();
  }

  /** What was made last. */
  T get() {
    return value;
  }

  /** Whether it is what the files have now. */
  boolean isCurrent() {
    return current;
  }

  /** How often it was made. */
  long loads() {
    return loads;
  }

  /** How often that failed. */
  long failures() {
    return failures;
  }

  /** Looks at the files, and makes it again if they changed. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // by one thread at a time
  synchronized void refresh() {
    String now = contents.get();
    Instant time = clock.instant();
    boolean old = Duration.between(loadedAt, time).compareTo(most) >= 0;
    if (current && now.equals(state) && !old) {
      return;
    }
    try {
      T made = loading.load();
      if (!contents.get().equals(now)) {
        throw new UnusableFilesException("the files change while they are read", null);
      }
      value = made;
      loads++;
      state = now;
      loadedAt = time;
      complaint = "";
      if (!current || !old) {
        records.info(name + "-loaded", "the files of the " + name + " changed, and count from now");
      }
      current = true;
    } catch (UnusableFilesException e) {
      current = false;
      failures++;
      String message = String.valueOf(e.getMessage());
      if (!message.equals(complaint) || Duration.between(said, time).compareTo(AGAIN) >= 0) {
        complaint = message;
        said = time;
        records.error(
            name + "-refused",
            "the files of the "
                + name
                + (now.equals(state) && old ? " were read again, as they are old" : " changed")
                + ", and cannot be used; what they had before goes on to count: "
                + message);
      }
    }
  }
}
