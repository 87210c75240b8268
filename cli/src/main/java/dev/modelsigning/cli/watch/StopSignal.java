package dev.modelsigning.cli.watch;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * The end of a program that goes on until it is told to end: then that is no failure. A JVM knows
 * no other way to choose its status than the classes of {@code sun.misc}, of the module {@code
 * jdk.unsupported}, which are looked up by their names: compilers warn of them.
 */
public final class StopSignal {

  /** The status of a process that is told to end. */
  private static volatile int status;

  /** The status once something has failed. */
  private static volatile int failure;

  private StopSignal() {}

  /**
   * Has the process end at once with a status where it is told to end (SIGTERM). Where a JVM does
   * not allow that, its own status remains, 143.
   *
   * @param succeeded the status as long as nothing has failed
   * @param failed the status from {@link #failed()} on
   */
  public static void endsWith(int succeeded, int failed) {
    failure = failed;
    status = succeeded;
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object exit =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, new Exit());
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("TERM"), exit);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // As if it had not been asked for: such as with -Xrs, or without that module.
      return;
    }
  }

  /** Being told to end is no success any more, as something has failed that is about to be said. */
  public static void failed() {
    status = failure;
  }

  /** What is done on a signal. */
  private record Exit() implements InvocationHandler {

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
      if (method.getDeclaringClass() == Object.class) {
        throw new UnsupportedOperationException(method.getName());
      }
      System.exit(status);
      return null;
    }
  }
}
