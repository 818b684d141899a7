package dev.selvage.predict;

import dev.selvage.util.Workers;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Three stages that work on a sequence of items at the same time: loading on one thread, a few
 * items ahead; computing on the calling thread; finishing on a third thread, one item at a time in
 * order.
 *
 * @param <L> what is loaded; closed after the computing, or when nothing will compute it
 * @param <C> what is computed
 */
final class Pipeline<L extends AutoCloseable, C> {
  /** Items in memory before and after the computing. */
  private static final int AHEAD = 4;

  private final IntFunction<Optional<L>> load;
  private final Function<L, C> compute;
  private final BiConsumer<Integer, Optional<C>> finish;

  /**
   * Creates a pipeline of three stages.
   *
   * @param load of an item by its number; empty where it has none, which is passed on
   * @param finish called for every item in order, with its number
   */
  Pipeline(
      IntFunction<Optional<L>> load,
      Function<L, C> compute,
      BiConsumer<Integer, Optional<C>> finish) {
    this.load = load;
    this.compute = compute;
    this.finish = finish;
  }

  /** Runs all items 0..count-1; an exception of any stage ends the run and is thrown here. */
  void run(int count) {
    ExecutorService loader = thread("photo-loader");
    ExecutorService finisher = thread("photo-finisher");
    ArrayDeque<Future<Optional<L>>> loading = new ArrayDeque<>();
    ArrayDeque<Future<?>> finishing = new ArrayDeque<>();
    AtomicBoolean ended = new AtomicBoolean();
    try {
      int next = 0;
      for (int i = 0; i < count; i++) {
        while (next < count && loading.size() < AHEAD) {
          int item = next++;
          loading.add(loader.submit(() -> ended.get() ? Optional.empty() : load.apply(item)));
        }
        Optional<C> computed = compute(get(loading.remove()));
        int item = i;
        finishing.add(finisher.submit(() -> finish.accept(item, computed)));
        while (finishing.size() > AHEAD || !finishing.isEmpty() && finishing.peek().isDone()) {
          get(finishing.remove());
        }
      }
      while (!finishing.isEmpty()) {
        get(finishing.remove());
      }
    } finally {
      ended.set(true);
      loader.shutdown();
      finisher.shutdownNow();
      loading.forEach(Pipeline::discard);
    }
  }

  private Optional<C> compute(Optional<L> loaded) {
    if (loaded.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(compute.apply(loaded.get()));
    } finally {
      close(loaded.get());
    }
  }

  /** Waits for an item that is being loaded: nobody else would close it. */
  private static <L extends AutoCloseable> void discard(Future<Optional<L>> future) {
    try {
      get(future).ifPresent(Pipeline::close);
    } catch (RuntimeException | Error e) {
      // another failure has ended the run already
    }
  }

  private static void close(AutoCloseable loaded) {
    try {
      loaded.close();
    } catch (Exception e) {
      throw new IllegalStateException("a loaded photo cannot be closed", e);
    }
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a photo", e);
    } catch (ExecutionException e) {
      throw Workers.failure(e);
    }
  }

  private static ExecutorService thread(String name) {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }
}
