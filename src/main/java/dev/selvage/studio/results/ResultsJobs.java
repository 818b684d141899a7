package dev.selvage.studio.results;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.image.PhotoFailures;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.RawPass;
import dev.selvage.predict.SavedModel;
import dev.selvage.predict.View;
import dev.selvage.studio.data.OpenedDataset;
import dev.selvage.util.ContentHash;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/**
 * Runs models over their photos and judges what they found, one after the other on one thread: a
 * model is not thread-safe. The last few results are kept. Thread-safe.
 */
final class ResultsJobs {
  /** Results that are kept in memory. */
  private static final int KEPT = 6;

  /** How far a job is. */
  enum Stage {
    /** Others come first. */
    WAITING,
    /** The model runs. */
    DETECTING,
    /** What it found is compared with the truth. */
    JUDGING,
    READY,
    FAILED
  }

  /**
   * A job as it is now.
   *
   * @param total photos of the stage; 0 until it is known
   * @param error why it has failed; else empty
   */
  record Job(Stage stage, int done, int total, String error) {}

  private final OpenedDataset opened;
  private final StudioModels models;
  private final UnaryOperator<Config> device;
  private final Executor thread;
  private final Map<ModelKey, Job> jobs = new LinkedHashMap<>();

  /** Those used last come last. */
  private final Map<ModelKey, JudgedModel> results = new LinkedHashMap<>(16, 0.75f, true);

  /** Models whose jobs a user has ended. */
  private final Set<ModelKey> stopped = new HashSet<>();

  private boolean cancelled;

  /**
   * Jobs on a thread.
   *
   * @param device chooses the device, and gives a model's settings what goes with it
   * @param thread runs one task at a time
   */
  ResultsJobs(
      OpenedDataset opened, StudioModels models, UnaryOperator<Config> device, Executor thread) {
    this.opened = opened;
    this.models = models;
    this.device = device;
    this.thread = thread;
  }

  /** The state of a model's job; null where there is none. */
  synchronized Job job(ModelKey model) {
    return results.containsKey(model) ? new Job(Stage.READY, 0, 0, "") : jobs.get(model);
  }

  /** Whether a model has been run, at least over some of its photos, and no user has ended that. */
  boolean isKept(ModelKey model) {
    synchronized (this) {
      if (stopped.contains(model)) {
        return false;
      }
    }
    return Files.exists(models.raw(model));
  }

  /**
   * The result of a model.
   *
   * @throws UserError there is none yet
   */
  synchronized JudgedModel result(ModelKey model) {
    JudgedModel result = results.get(model);
    if (result == null) {
      throw new UserError("%s: the model has not been run on these photos yet".formatted(model));
    }
    return result;
  }

  /**
   * Starts a job unless it is under way or done.
   *
   * @throws UserError there is no such model
   */
  void start(ModelKey model) {
    models.file(model);
    opened.dataset();
    synchronized (this) {
      Job job = job(model);
      if (job != null && job.stage != Stage.FAILED) {
        return;
      }
      stopped.remove(model);
      jobs.put(model, new Job(Stage.WAITING, 0, 0, ""));
    }
    thread.execute(() -> run(model));
  }

  /** Ends all jobs. The photos that a model has seen are kept, so that a later job goes on. */
  synchronized void cancel() {
    cancelled = jobs.values().stream().anyMatch(job -> job.stage != Stage.FAILED);
    jobs.forEach((model, job) -> stopped.add(model));
    jobs.values().removeIf(job -> job.stage == Stage.WAITING);
  }

  private void run(ModelKey model) {
    synchronized (this) {
      if (!jobs.containsKey(model)) {
        return; // it was cancelled
      }
      cancelled = false;
    }
    try {
      finish(model, judge(model));
    } catch (CancellationException e) {
      synchronized (this) {
        jobs.remove(model);
      }
    } catch (UserError e) {
      report(model, new Job(Stage.FAILED, 0, 0, e.getMessage()));
    } catch (RuntimeException | Error e) {
      report(model, new Job(Stage.FAILED, 0, 0, "%s: has failed (%s)".formatted(model, e)));
      throw e;
    }
  }

  private JudgedModel judge(ModelKey model) {
    Dataset dataset = opened.dataset();
    Path weights = models.file(model);
    Config config = device.apply(models.config(model, dataset));
    int[] images = models.images(model, dataset);
    report(model, new Job(Stage.DETECTING, 0, images.length, ""));
    RawPass pass =
        new RawPass(
            models.raw(model),
            ContentHash.of(weights),
            List.of(config),
            List.of(View.PLAIN),
            dataset,
            images,
            note -> System.err.println("selvage: " + note));
    if (pass.missing() > 0) {
      detect(model, pass, weights, config, images.length);
    }
    return JudgedModel.of(
        dataset,
        config,
        pass.file(),
        images,
        done -> report(model, new Job(Stage.JUDGING, done, images.length, "")));
  }

  private void detect(ModelKey model, RawPass pass, Path weights, Config config, int photos) {
    try (Parameters parameters = SavedModel.load(weights, config)) {
      PhotoFailures failures = new PhotoFailures(photos, System.err::println);
      Predictor predictor =
          new Predictor(config, parameters, failures.photos(config.EXIF_ORIENTATION));
      int before = photos - pass.missing();
      int[] seen = {before};
      pass.run(
          predictor,
          failures,
          () -> report(model, new Job(Stage.DETECTING, ++seen[0], photos, "")));
    }
  }

  private synchronized void report(ModelKey model, Job job) {
    if (cancelled && job.stage != Stage.FAILED) {
      throw new CancellationException();
    }
    jobs.put(model, job);
  }

  private synchronized void finish(ModelKey model, JudgedModel result) {
    jobs.remove(model);
    results.put(model, result);
    if (results.size() > KEPT) {
      results.remove(results.keySet().iterator().next());
    }
  }
}
