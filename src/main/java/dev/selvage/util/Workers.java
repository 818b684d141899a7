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

/** Pieces of work done side by side, whose results are taken one by one in the pieces' order. */
public final class Workers {
  private Workers() {}

  /**
   * Does all pieces. What a piece or the receiver throws ends it and is thrown here, when the
   * pieces that were under way are done, so that nothing is written any more once the caller goes
   * on.
   *
   * @param receiver takes the results on the calling thread
   */
  public static <T> void run(int threads, List<Supplier<T>> pieces, Consumer<T> receiver) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<T>> results = new ArrayList<>();
      pieces.forEach(piece -> results.add(pool.submit(piece::get)));
      for (Future<T> result : results) {
        receiver.accept(result.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a worker", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a worker failed", e.getCause());
    } finally {
      pool.shutdownNow();
      finish(pool);
    }
  }

  private static void finish(ExecutorService pool) {
    try {
      pool.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
