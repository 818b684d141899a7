package dev.selvage.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * SIGTERM and Ctrl-C: the first asks to stop at the next good moment, the second ends the process
 * at once. Java's only access to signals is a class that javac warns of, hence the reflection.
 */
final class StopSignal {
  /** What a shell reports for a process that Ctrl-C has ended. */
  private static final int INTERRUPTED = 130;

  private static volatile boolean asked;

  private StopSignal() {}

  /** Whether the process was asked to stop. */
  static boolean asked() {
    return asked;
  }

  /** Catches both signals from now on. */
  static void install() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler stop =
          (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
              stop();
            }
            return null;
          };
      Object proxy =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, stop);
      for (String name : new String[] {"TERM", "INT"}) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("signals cannot be caught", e);
    }
  }

  private static void stop() {
    if (asked) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
    asked = true;
    System.err.println(
        "\nselvage: the step is finished and the run saved; a second signal stops at once");
  }
}
