package dev.selvage.studio;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.http.HttpService;
import dev.selvage.http.Listen;
import dev.selvage.http.Response;
import dev.selvage.http.Routes;
import dev.selvage.http.StaticFiles;
import dev.selvage.studio.data.DataRoutes;
import dev.selvage.studio.data.OpenedDataset;
import dev.selvage.studio.data.RunSplits;
import dev.selvage.studio.results.ResultsRoutes;
import dev.selvage.studio.runs.RunRoutes;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

/**
 * The studio's server: its pages, and what they ask for below {@code /api/}. It starts without
 * native code and without weights; a part loads them when a page asks for it first.
 */
public final class Studio {
  /**
   * What the studio shows.
   *
   * @param runs the folder of runs, which need not exist yet
   * @param data a dataset, as {@code train --data} takes it
   * @param weights a weight file, a run's folder, {@code last} or {@code best}
   */
  public record Places(Path runs, Optional<String> data, Optional<String> weights) {}

  private Studio() {}

  /**
   * Starts the server; whoever closes it ends the studio.
   *
   * @param device chooses the device, and gives a model's settings what goes with it; called on the
   *     thread that computes, before a model is loaded
   * @param prediction {@code /v1/predict} and {@code /v1/model}; none without weights
   * @throws dev.selvage.util.UserError the address cannot be used
   */
  public static HttpService start(
      Places places, Listen listen, UnaryOperator<Config> device, Routes prediction) {
    return HttpService.start(listen, routes(places, device).add(prediction));
  }

  /** All that the server answers. */
  private static Routes routes(Places places, UnaryOperator<Config> device) {
    return new Routes()
        .get("/api/studio", request -> Response.json(about(places)))
        .add(new RunRoutes(places.runs()).routes())
        .add(photos(places, device))
        .add(StaticFiles.below("/studio").routes("/"));
  }

  /** What is there with a dataset only: its photos, and what models find in them. */
  private static Routes photos(Places places, UnaryOperator<Config> device) {
    if (places.data().isEmpty()) {
      return new Routes().get("/api/data", request -> Response.json(Map.of("state", "none")));
    }
    OpenedDataset opened = new OpenedDataset(Path.of(places.data().get()), null);
    RunSplits runs = new RunSplits(places.runs());
    return new Routes()
        .add(new DataRoutes(opened, runs).routes())
        .add(new ResultsRoutes(opened, runs, places.weights(), device, modelThread()).routes());
  }

  /** The one thread on which models compute. */
  private static Executor modelThread() {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread thread = new Thread(task, "model");
          thread.setDaemon(true);
          return thread;
        });
  }

  private static Map<String, Object> about(Places places) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("runs", places.runs().toString());
    about.put("data", places.data().orElse(null));
    about.put("weights", places.weights().orElse(null));
    about.put("presets", ConfigReader.PRESETS);
    return about;
  }
}
