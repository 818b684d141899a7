package dev.selvage.cli;

import dev.selvage.runtime.Native;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Catches SIGTERM, SIGHUP (of a terminal that is closed) and Ctrl-C while it is open: the first
 * asks to stop at the next good moment, the second ends the process at once. Java's only access to
 * signals is a class that javac warns about, so it is called by reflection.
 */
final class StopSignal implements AutoCloseable {
  /** Ends a command that was asked to stop. */
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final String HANG_UP = "HUP";

  /** The handlers to put back, by signal. */
  private final Map<Object, Object> before = new LinkedHashMap<>();

  private volatile boolean asked;

  private final String promise;

  private StopSignal(String promise) {
    this.promise = promise;
  }

  /**
   * Starts to catch the signals.
   *
   * @param promise what the program says that it does after the first signal
   */
  static StopSignal open(String promise) {
    StopSignal stop = new StopSignal(promise);
    InvocationHandler onCall =
        (proxy, method, arguments) -> {
          if (method.getName().equals("handle")) {
            stop.ask(arguments[0]);
          }
          return null;
        };
    try {
      Class<?> type = Class.forName("sun.misc.SignalHandler");
      Object handler = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, onCall);
      for (String name : new String[] {"TERM", "INT", HANG_UP}) {
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

  /**
   * Ends the command if it was asked to stop.
   *
   * @throws Stopped if so
   */
  void check() {
    if (asked) {
      throw new Stopped();
    }
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

  private void ask(Object signal) {
    if (asked && signal.toString().equals("SIG" + HANG_UP)) {
      return; // a terminal and its shell both send one
    }
    if (asked) {
      Native.endProcess(Main.KILLED);
    }
    asked = true;
    System.err.printf("%nselvage: %s; a second signal stops at once%n", promise);
  }

  /** Sets the handler of a signal and gives the one before. */
  private static Object handle(Object signal, Object handler) throws ReflectiveOperationException {
    return signal
        .getClass()
        .getMethod("handle", signal.getClass(), Class.forName("sun.misc.SignalHandler"))
        .invoke(null, signal, handler);
  }
}
