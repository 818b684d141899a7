package dev.selvage.api;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** The one thread of the process that computes. It is a daemon: it does not keep the JVM alive. */
final class ComputeThread {
  private static final ExecutorService THREAD =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "selvage-compute");
            thread.setDaemon(true);
            return thread;
          });

  private ComputeThread() {}

  /**
   * Runs a task on the compute thread and waits for its result, even if the caller is interrupted:
   * the task reads memory that the caller frees afterwards. The interrupt is kept for the caller.
   */
  static <T> T call(Supplier<T> task) {
    Future<T> future = THREAD.submit(task::get);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("the model cannot be computed", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
