package dev.modelsigning.cli.listen;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * The threads that a server of the JDK cannot do without: one takes connections, others end those
 * on which nothing comes. If one of them breaks down, the server does not notice.
 */
public final class ServerThreads {

  private static final String DISPATCHER = "HTTP-Dispatcher";
  private static final String TIMER = "java.util.TimerThread";

  private final Set<Thread> threads = new HashSet<>();

  /** Makes or starts a server. */
  @FunctionalInterface
  public interface Step<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /** Creates an empty collection. */
  public ServerThreads() {}

  /** Does a step, and adds the threads that it begins. */
  public synchronized <T> T watch(Step<T> step) throws IOException {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    T result = step.run();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread)
          && (thread.getName().equals(DISPATCHER) || thread.getClass().getName().equals(TIMER))) {
        threads.add(thread);
      }
    }
    return result;
  }

  /** How many there are. */
  public synchronized int count() {
    return threads.size();
  }

  /** Whether all of them live. */
  public synchronized boolean areAlive() {
    return threads.stream().allMatch(Thread::isAlive);
  }
}
