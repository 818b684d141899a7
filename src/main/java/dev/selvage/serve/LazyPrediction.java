package dev.selvage.serve;

import dev.selvage.http.HttpFailure;
import dev.selvage.http.Routes;
import dev.selvage.util.Workers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * The routes of {@link PredictionRoutes} for a model that is loaded when the first request comes,
 * on a thread of its own that computes from then on.
 */
public final class LazyPrediction implements AutoCloseable {
  private final Supplier<LoadedModel> load;
  private final Limits limits;
  private final int most;

  /** Null before the first request, and after a model that could not be loaded. */
  private CompletableFuture<PredictionRoutes> loading;

  private PredictionQueue queue;
  private Thread thread;
  private boolean closed;

  /**
   * Nothing is loaded yet.
   *
   * @param load called on the thread that computes; a UserError becomes the answer, and the next
   *     request tries again
   * @param most photos that may wait or be in work
   */
  public LazyPrediction(Supplier<LoadedModel> load, Limits limits, int most) {
    this.load = load;
    this.limits = limits;
    this.most = most;
  }

  /** {@code POST /v1/predict} and {@code GET /v1/model}. */
  public Routes routes() {
    return new Routes()
        .post("/v1/predict", request -> loaded().predict(request))
        .get("/v1/model", request -> loaded().model(request));
  }

  private PredictionRoutes loaded() {
    try {
      return start().get();
    } catch (ExecutionException e) {
      throw Workers.failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpFailure(503, "the service stops");
    }
  }

  private synchronized CompletableFuture<PredictionRoutes> start() {
    if (closed) {
      throw new HttpFailure(503, "the service stops");
    }
    if (loading == null) {
      CompletableFuture<PredictionRoutes> begun = new CompletableFuture<>();
      loading = begun;
      thread = new Thread(() -> run(begun), "model");
      thread.setDaemon(true);
      thread.start();
    }
    return loading;
  }

  private void run(CompletableFuture<PredictionRoutes> begun) {
    try (LoadedModel model = load.get()) {
      WarmUp.run(model.predictor());
      PredictionQueue waiting = open(model);
      begun.complete(
          new PredictionRoutes(model.predictor(), waiting, model.facts(), limits, new Metrics()));
      waiting.run();
    } catch (RuntimeException | Error e) {
      begun.completeExceptionally(e);
    } finally {
      forget(begun);
    }
  }

  private synchronized PredictionQueue open(LoadedModel model) {
    queue = new PredictionQueue(model.predictor(), most);
    if (closed) {
      queue.close();
    }
    return queue;
  }

  private synchronized void forget(CompletableFuture<PredictionRoutes> ended) {
    if (loading == ended) {
      loading = null;
    }
  }

  /** Waits for the photo that is computed, and frees the model. */
  @Override
  public void close() {
    Thread running;
    synchronized (this) {
      closed = true;
      running = thread;
      if (queue != null) {
        queue.close();
      }
    }
    try {
      if (running != null) {
        running.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
