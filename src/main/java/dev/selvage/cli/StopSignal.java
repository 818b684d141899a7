package dev.selvage.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Catches SIGTERM and Ctrl-C while it is open: the first asks to stop at the next good moment, the
 * second ends the process at once. Java's only access to signals is a class that javac warns of,
 * hence the reflection.
 */
final class StopSignal implements AutoCloseable {
  /** What a shell reports for a process that Ctrl-C has ended. */
  private static final int INTERRUPTED = 130;

  /** The handlers to put back, by signal. */
  private final Map<Object, Object> before = new LinkedHashMap<>();

  private volatile boolean asked;

  private StopSignal() {}

  static StopSignal open() {
    StopSignal stop = new StopSignal();
    InvocationHandler onCall =
        (proxy, method, arguments) -> {
          if (method.getName().equals("handle")) {
            stop.ask();
          }
          return null;
        };
    try {
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      Object handler = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, onCall);
      for (String name : new String[] {"TERM", "INT"}) {
        Object signal =
            Class.forName("sun.misc.Signal").getConstructor(String.class).newInstance(name);
        stop.before.put(signal, handle(signal, handler));
      }
      return stop;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("signals cannot be caught", e);
    }
  }

  /** Whether the process was asked to stop. */
  boolean asked() {
    return asked;
  }

  /** Lets the signals do what they did before. */
  @Override
  public void close() {
    try {
      for (Map.Entry<Object, Object> entry : before.entrySet()) {
        handle(entry.getKey(), entry.getValue());
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("signals cannot be let go", e);
    }
  }

  private void ask() {
    if (asked) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    asked = true;
    System.err.println(
        "\nselvage: the step is finished and the run saved; a second signal stops at once");
  }

  /** Sets the handler of a signal and gives the one before. */
  private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
    return signal
        .getClass()
        .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
        .invoke(null, signal, handler);
  }
}
