package dev.modelsigning.testing;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Waits for what sends no signal: that a thread has come so far that nothing of a test is called
 * any more, or that the kernel says something of a process. It looks again and again; how often
 * changes nothing but how long a test takes. What can send a signal should.
 */
public final class Watching {

  /** No test takes as long as this; what does is stuck. */
  private static final long GUARD_SECONDS = 120;

  private Watching() {}

  /** Waits until something is so. */
  public static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GUARD_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("still waiting until " + what);
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  /** Whether a method of a class, or one that it has called, is what the thread waits in. */
  public static boolean waitsIn(Class<?> place, Thread thread) {
    return thread.getState() == Thread.State.WAITING && isOn(place, thread.getStackTrace());
  }

  /** Whether the system is at work for a thread that a method of a class has called it in. */
  public static boolean isInSystemFrom(Class<?> place, Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0 && stack[0].isNativeMethod() && isOn(place, stack);
  }

  private static boolean isOn(Class<?> place, StackTraceElement[] stack) {
    return Stream.of(stack).anyMatch(call -> call.getClassName().equals(place.getName()));
  }
}
