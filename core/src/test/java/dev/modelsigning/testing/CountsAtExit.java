package dev.modelsigning.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Prints what {@link TestCounts} says about all tests of a build as the last line of the build. It
 * runs in the JVM of Maven, where each module with tests starts it, the first time counts, and
 * nothing but the end of that JVM is the end of every build: one that fails, one of a single
 * module, one with modules side by side.
 */
public final class CountsAtExit extends Thread {

  private static final String STARTED = "modelsigning.counts";

  private final Path summary;

  private CountsAtExit(Path summary) {
    super(topmostGroup(), "counts");
    this.summary = summary;
  }

  /** The plugin that starts this destroys the group of its threads, and then these cannot start. */
  private static ThreadGroup topmostGroup() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /** Takes the directory of the counts. */
  public static void main(String[] arguments) {
    Path summary = Path.of(arguments[0], "summary");
    if (System.getProperties().putIfAbsent(STARTED, summary.toString()) == null) {
      Runtime.getRuntime().addShutdownHook(new CountsAtExit(summary));
    }
  }

  @Override
  public void run() {
    if (Files.exists(summary)) {
      try {
        System.out.println(); // Maven may leave codes for terminals in its last line
        System.out.write(Files.readAllBytes(summary));
        System.out.flush();
      } catch (IOException e) {
        System.err.println("tests: not counted: " + e);
      }
    }
  }
}
