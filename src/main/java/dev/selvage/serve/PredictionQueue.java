package dev.selvage.serve;

import dev.selvage.data.Detection;
import dev.selvage.http.HttpFailure;
import dev.selvage.predict.LoadedViews;
import dev.selvage.predict.Predictor;
import dev.selvage.runtime.NativeException;
import dev.selvage.util.Workers;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Photos of many threads, in the order in which they come, for the one thread that computes. It
 * takes them one by one: the model's sums are divided by their sizes, so that a photo in a batch
 * would get other last digits, which would depend on what other clients send.
 */
public final class PredictionQueue {
  private static final int LONGEST_RETRY_SECONDS = 60;

  /** How often it is looked whether a client still waits, which takes some milliseconds. */
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Computes nothing; wakes the thread that waits. */
  private static final Job END = new Job(null);

  /** One photo that waits. */
  private record Job(
      LoadedViews views, long queued, AtomicBoolean taken, CompletableFuture<Computed> result) {
    Job(LoadedViews views) {
      this(views, System.nanoTime(), new AtomicBoolean(), new CompletableFuture<>());
    }
  }

  /**
   * What the model said about a photo.
   *
   * @param found the rest of the work, for another thread
   */
  record Computed(Supplier<List<Detection>> found, double waitSeconds, double computeSeconds) {}

  /** The client of a photo went away before its turn came. */
  static final class Abandoned extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final Predictor predictor;
  private final int most;
  private final Semaphore places;
  private final BlockingQueue<Job> waiting = new LinkedBlockingQueue<>();
  private volatile double meanSeconds = 0.1;
  private volatile boolean closed;

  /**
   * An empty queue.
   *
   * @param most photos that wait or are in work
   */
  public PredictionQueue(Predictor predictor, int most) {
    this.predictor = predictor;
    this.most = most;
    places = new Semaphore(most);
  }

  /** Photos that wait or are in work. */
  public int length() {
    return most - places.availablePermits();
  }

  /**
   * Takes a place for a photo, until {@link #leave}.
   *
   * @throws HttpFailure 429: all are taken
   */
  void enter() {
    if (!places.tryAcquire()) {
      throw new HttpFailure(
          429, "the queue is full: %d photos wait or are in work".formatted(most), retrySeconds());
    }
  }

  /** Lets another photo in. */
  void leave() {
    places.release();
  }

  /** When what waits now will be done, as far as one can tell. */
  int retrySeconds() {
    return (int) Math.min(LONGEST_RETRY_SECONDS, Math.max(1, Math.ceil(length() * meanSeconds)));
  }

  /**
   * Has a photo computed, and waits for it.
   *
   * @param views closed by the queue
   * @param end of the waiting, by {@link System#nanoTime}
   * @param abandoned whether nobody waits for the result any more
   * @throws HttpFailure 503: it takes too long, or the service stops
   * @throws Abandoned nobody waits for it any more
   */
  Computed compute(LoadedViews views, long end, BooleanSupplier abandoned) throws Abandoned {
    Job job = new Job(views);
    waiting.add(job);
    if (closed) {
      drop();
    }
    try {
      while (true) {
        long left = end - System.nanoTime();
        try {
          return job.result.get(Math.max(0, Math.min(left, LOOK_NANOS)), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (left <= LOOK_NANOS) {
            withdraw(job);
            throw new HttpFailure(503, "the photo was not done in time", retrySeconds());
          } else if (abandoned.getAsBoolean()) {
            withdraw(job);
            throw new Abandoned();
          }
        }
      }
    } catch (ExecutionException e) {
      throw Workers.failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      withdraw(job);
      throw new HttpFailure(503, "the service stops");
    }
  }

  private void withdraw(Job job) {
    if (job.taken.compareAndSet(false, true)) {
      waiting.remove(job);
      job.views.close();
    }
  }

  /**
   * Computes on this thread, which must be the only one that uses the model, until the queue is
   * closed.
   *
   * @throws NativeException the device failed, after which it computes nothing more
   */
  public void run() {
    try {
      while (!closed) {
        Job job = waiting.take();
        if (job != END && job.taken.compareAndSet(false, true)) {
          run(job);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
      drop();
    }
  }

  private void run(Job job) {
    long begin = System.nanoTime();
    try (LoadedViews views = job.views) {
      Supplier<List<Detection>> found = predictor.compute(views);
      double seconds = (System.nanoTime() - begin) / 1e9;
      meanSeconds = 0.9 * meanSeconds + 0.1 * seconds;
      job.result.complete(new Computed(found, (begin - job.queued) / 1e9, seconds));
    } catch (NativeException e) {
      if (e.kind() != NativeException.Kind.OUT_OF_MEMORY) {
        job.result.completeExceptionally(e);
        throw e;
      }
      job.result.completeExceptionally(
          new HttpFailure(503, "too little memory for this photo", retrySeconds()));
    } catch (RuntimeException | OutOfMemoryError e) {
      job.result.completeExceptionally(e);
    }
  }

  /** Ends {@link #run} after the photo that is computed; what still waits is told so. */
  public void close() {
    closed = true;
    waiting.add(END);
  }

  private void drop() {
    for (Job job = waiting.poll(); job != null; job = waiting.poll()) {
      if (job != END && job.taken.compareAndSet(false, true)) {
        job.views.close();
        job.result.completeExceptionally(new HttpFailure(503, "the service stops"));
      }
    }
  }
}
