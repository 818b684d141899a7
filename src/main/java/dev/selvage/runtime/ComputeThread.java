package dev.selvage.runtime;

import dev.selvage.util.Workers;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The one thread that computes for a program whose own threads all want results. It is a daemon: it
 * does not keep the JVM alive. But the JVM waits for the task that it is in when it exits, because
 * an exit destroys the native library's objects, which the task uses.
 */
public final class ComputeThread {
  private static final long MOST_SECONDS_AT_EXIT = 60;

  private static final ExecutorService THREAD =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "selvage-compute");
            thread.setDaemon(true);
            return thread;
          });

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(ComputeThread::finish));
  }

  private ComputeThread() {}

  /** Drops the tasks that wait and waits for the one that runs. */
  private static void finish() {
    THREAD.shutdownNow();
    try {
      THREAD.awaitTermination(MOST_SECONDS_AT_EXIT, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Runs a task on the compute thread and waits for its result, even if the caller is interrupted:
   * the task reads memory that the caller frees afterwards. The interrupt is kept for the caller.
   */
  public static <T> T call(Supplier<T> task) {
    return Workers.result(THREAD.submit(task::get));
  }
}
