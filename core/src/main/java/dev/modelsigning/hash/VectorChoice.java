package dev.modelsigning.hash;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Two pieces of code for the same work: one in plain Java, and one that uses the incubating vector
 * module of the JDK, if the application has added it ({@code --add-modules jdk.incubator.vector}).
 *
 * <p>Vector code is slow until the JVM has compiled it, a thousand times slower at first, and on
 * some JVMs it stays slower than plain code. So all work begins with plain code; when there was
 * enough of it to expect more, a thread in the background tries both until the vector code has
 * proved to be faster.
 *
 * @param <T> what does the work
 */
final class VectorChoice<T> {

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** Bytes of work after which more is expected. */
  private static final long ENOUGH = 32L * 1024 * 1024;

  /** So many times in a row the vector code must have been faster than plain code at its best. */
  private static final int WINS = 10;

  private static final long TRIAL_NANOSECONDS = 30_000_000_000L;

  private final Supplier<T> plain;
  private final String vectorClass;
  private final Consumer<T> trial;
  private final AtomicLong work = new AtomicLong();
  private final AtomicBoolean tried = new AtomicBoolean();
  private volatile boolean vectorIsFaster;

  /**
   * A choice that has not been made yet.
   *
   * @param plain makes an instance in plain Java
   * @param vectorClass name of the class with vector code, in this package, which may be loaded
   *     only where there is the vector module
   * @param trial does a piece of work, less than a millisecond's with compiled code
   */
  VectorChoice(Supplier<T> plain, String vectorClass, Consumer<T> trial) {
    this.plain = plain;
    this.vectorClass = VectorChoice.class.getPackageName() + "." + vectorClass;
    this.trial = trial;
  }

  /** An instance to begin with. */
  T first() {
    return plain.get();
  }

  /**
   * The instance to go on with.
   *
   * @param current the instance used so far
   * @param bytes how much work comes now
   */
  T next(T current, int bytes) {
    if (vectorIsFaster) {
      return isVector(current) ? current : vector().orElse(current);
    }
    if (!tried.get() && work.addAndGet(bytes) > ENOUGH && tried.compareAndSet(false, true)) {
      vector().ifPresent(this::tryInBackground);
    }
    return current;
  }

  private boolean isVector(T instance) {
    return instance.getClass().getName().equals(vectorClass);
  }

  /** An instance with vector code, or empty if this JVM has no vectors. */
  @SuppressWarnings("unchecked") // the name comes from the class that gave T
  Optional<T> vector() {
    Optional<Module> module = ModuleLayer.boot().findModule(VECTOR_MODULE);
    if (module.isEmpty()) {
      return Optional.empty();
    }
    VectorChoice.class.getModule().addReads(module.get());
    try {
      return Optional.of((T) Class.forName(vectorClass).getDeclaredConstructor().newInstance());
    } catch (ReflectiveOperationException | LinkageError e) {
      // The module is an incubating one and may change; plain code does the same work.
      System.getLogger(VectorChoice.class.getName())
          .log(Level.DEBUG, "no vector code on this JVM", e);
      return Optional.empty();
    }
  }

  private void tryInBackground(T vector) {
    Thread thread = new Thread(() -> compare(plain.get(), vector), "vector-trial");
    thread.setDaemon(true);
    thread.start();
  }

  private void compare(T inPlain, T inVectors) {
    long start = System.nanoTime();
    long best = Long.MAX_VALUE;
    int wins = 0;
    while (wins < WINS && System.nanoTime() - start < TRIAL_NANOSECONDS) {
      best = Math.min(best, nanoseconds(inPlain));
      wins = nanoseconds(inVectors) < best ? wins + 1 : 0;
    }
    vectorIsFaster = wins == WINS;
  }

  private long nanoseconds(T instance) {
    long start = System.nanoTime();
    trial.accept(instance);
    return System.nanoTime() - start;
  }
}
