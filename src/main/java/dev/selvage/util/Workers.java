package dev.selvage.util;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs tasks in parallel and passes on their results one by one, in the order of the tasks. */
public final class Workers {
  private Workers() {}

  /**
   * Runs all tasks. An exception or error of a task or of the receiver ends the run. It is thrown
   * here once the tasks that were running have ended, so that nothing is written after that.
   *
   * @param receiver takes the results on the calling thread
   */
  public static <T> void run(int threads, List<Supplier<T>> tasks, Consumer<T> receiver) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<T>> results = new ArrayList<>();
      tasks.forEach(task -> results.add(pool.submit(task::get)));
      for (Future<T> result : results) {
        receiver.accept(result.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a worker", e);
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      pool.shutdownNow();
      finish(pool);
    }
  }

  /**
   * The result of a task, waited for even if this thread is interrupted, where the task has memory
   * that must not be freed or lost before it ends. The interrupt is kept for the caller.
   */
  public static <T> T result(Future<T> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * What a task on another thread has thrown, to be thrown again.
   *
   * @throws Error if it is one, such as too little memory
   */
  public static RuntimeException failure(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException failure
        ? failure
        : new IllegalStateException("a worker failed", e.getCause());
  }

  private static void finish(ExecutorService pool) {
    try {
      pool.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
