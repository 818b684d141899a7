package dev.selvage.serve;

import dev.selvage.cli.TinyRun;
import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.http.HttpService;
import dev.selvage.http.Listen;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.SavedModel;
import dev.selvage.predict.View;
import dev.selvage.predict.WeightsOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A tiny model behind HTTP, with or without a thread that computes. */
final class TestModel implements AutoCloseable {
  /** More objects than with the settings of the run, after views are merged too. */
  static final List<String> SETTINGS = List.of("DETECTION_MIN_CONFIDENCE=0.05");

  static final int MOST = 2;
  static final int LIMIT = 100_000;

  final TinyRun run;
  final Predictor predictor;
  final PredictionQueue queue;
  final Metrics metrics = new Metrics();
  final HttpService service;

  private final Parameters parameters;
  private Thread computing;

  TestModel(Path folder, List<View> views, Duration time) throws IOException {
    run = new TinyRun(folder);
    Path weights = run.run.resolve("mask_rcnn_tiny_0001.h5");
    WeightsOrigin origin = WeightsOrigin.of(weights);
    Config config = origin.config(SETTINGS).orElseThrow();
    List<Category> categories = SavedModel.categories(config, origin.categories());
    parameters = SavedModel.load(weights, config);
    predictor = new Predictor(config, parameters).over(views);
    queue = new PredictionQueue(predictor, MOST);
    ModelFacts facts = new ModelFacts("w.h5", "ab", config, categories, "cpu", false, views);
    service =
        HttpService.start(
            Listen.local(0),
            new PredictionRoutes(predictor, queue, facts, new Limits(LIMIT, time), metrics)
                .routes()
                .add(ServiceRoutes.routes(metrics, queue)),
            metrics);
  }

  /** Computes from now on. */
  TestModel compute() {
    computing = new Thread(queue::run);
    computing.start();
    return this;
  }

  @Override
  public void close() {
    service.close();
    queue.close();
    try {
      if (computing != null) {
        computing.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    parameters.close();
  }
}
