package dev.modelsigning.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Prints each skipped test and why it was skipped, which Surefire keeps to its files, and counts
 * what ran and what did not. The tests of a build run in several JVMs, each of which adds to the
 * {@link TestCounts} in the directory that the property {@code modelsigning.tests} names. Where
 * there is no such property, as in an IDE, nothing is counted.
 */
public final class CountedTests implements TestExecutionListener {

  private static final String BEFORE_CUSTOM_REASON = " ==> ";

  private TestPlan plan;
  private TestCounts counts = new TestCounts();

  @Override
  public synchronized void testPlanExecutionStarted(TestPlan started) {
    plan = started;
    counts = new TestCounts();
    save(TestCounts.ofAStart());
  }

  @Override
  public synchronized void testPlanExecutionFinished(TestPlan finished) {
    counts.ended();
    save(counts);
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    skip(test, reason);
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    switch (result.getStatus()) {
      case ABORTED ->
          skip(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
      case SUCCESSFUL -> {
        if (test.isTest()) {
          counts.succeeded();
        }
      }
      case FAILED -> counts.failed(); // a class whose preparation fails counts as one test
    }
  }

  private void skip(TestIdentifier test, String reason) {
    System.out.println("skipped: " + test.getDisplayName() + ": " + reason);
    int custom = reason.lastIndexOf(BEFORE_CUSTOM_REASON);
    counts.skipped(
        methods(test),
        custom < 0 ? reason : reason.substring(custom + BEFORE_CUSTOM_REASON.length()));
  }

  /** The number of tests below; a parameterized method counts as one, as it is not expanded. */
  private long methods(TestIdentifier test) {
    long methods =
        plan.getDescendants(test).stream()
            .filter(below -> plan.getChildren(below).isEmpty())
            .count();
    return Math.max(1, methods);
  }

  private static void save(TestCounts counts) {
    String directory = System.getProperty("modelsigning.tests");
    if (directory != null) {
      try {
        counts.addTo(Path.of(directory));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
