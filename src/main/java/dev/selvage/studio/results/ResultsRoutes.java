package dev.selvage.studio.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.config.Config;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.eval.analysis.Confusion;
import dev.selvage.eval.tide.ErrorType;
import dev.selvage.http.HttpFailure;
import dev.selvage.http.Request;
import dev.selvage.http.Response;
import dev.selvage.http.Routes;
import dev.selvage.run.RunFolder;
import dev.selvage.studio.data.OpenedDataset;
import dev.selvage.studio.data.PictureSizes;
import dev.selvage.studio.data.RunSplits;
import dev.selvage.studio.results.Examples.Example;
import dev.selvage.studio.results.Examples.Outcome;
import dev.selvage.studio.results.ResultsJobs.Job;
import dev.selvage.tune.Tuned;
import dev.selvage.tune.TunedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

/** What the studio's pages ask about what models found, and how good it is. */
public final class ResultsRoutes {
  /** Names that choose a model. */
  private static final List<String> MODEL = List.of("run", "epoch", "part");

  private static final int MOST_LISTED = 100;
  private static final int ALL = Integer.MAX_VALUE;
  private static final int BODY_BYTES = 1 << 20;

  private final OpenedDataset opened;
  private final StudioModels models;
  private final ResultsJobs jobs;

  /**
   * Routes about models on a dataset.
   *
   * @param weights what the studio was started with: a weight file, a run's folder, last or best
   * @param device chooses the device, and gives a model's settings what goes with it
   * @param thread runs one task at a time; models compute on it
   */
  public ResultsRoutes(
      OpenedDataset opened,
      RunSplits runs,
      Optional<String> weights,
      UnaryOperator<Config> device,
      Executor thread) {
    this.opened = opened;
    models = new StudioModels(runs, weights);
    jobs = new ResultsJobs(opened, models, device, thread);
  }

  /** The routes, all below {@code /api/results}. */
  public Routes routes() {
    return new Routes()
        .get("/api/results", request -> Response.json(models()))
        .get("/api/results/job", request -> Response.json(job(model(request))))
        .post("/api/results/job", this::start)
        .post("/api/results/cancel", request -> cancel())
        .get("/api/results/measures", request -> Response.json(measures(request)))
        .get("/api/results/confusion", request -> Response.json(confusion(request)))
        .get("/api/results/examples", request -> Response.json(examples(request)))
        .get("/api/results/photos/{photo}", request -> Response.json(photo(request)))
        .post("/api/results/tuned", this::tuned);
  }

  /** {weights, runs: name and epochs, the last first}. */
  private ObjectNode models() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("weights", models.weights().orElse(null));
    ArrayNode list = node.putArray("runs");
    for (String name : models.runs().of(opened.dataset())) {
      RunFolder run = models.runs().run(name);
      ArrayNode epochs = list.addObject().put("name", name).putArray("epochs");
      if (Files.isRegularFile(run.best())) {
        epochs.add(ModelKey.BEST);
      }
      run.complete().forEach(epoch -> epochs.add(String.valueOf(epoch)));
    }
    return node;
  }

  private static ModelKey model(Request request, String... more) {
    List<String> known = new ArrayList<>(MODEL);
    known.addAll(Arrays.asList(more));
    request.requireQuery(known.toArray(String[]::new));
    return new ModelKey(
        request.query("run").orElse(""),
        request.query("epoch").orElse(""),
        request.word("part", "valid", "train", "all"));
  }

  /** {stage, done, total, error, kept}; stage is none where there is no job. */
  private ObjectNode job(ModelKey model) {
    Job job = jobs.job(model);
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (job == null) {
      int photos = models.images(model, opened.dataset()).length;
      return node.put("stage", "none").put("total", photos).put("kept", jobs.isKept(model));
    }
    return node.put("stage", job.stage().name().toLowerCase(Locale.ROOT))
        .put("done", job.done())
        .put("total", job.total())
        .put("error", job.error());
  }

  private Response start(Request request) throws IOException {
    ModelKey model = ModelKey.of(request.json(BODY_BYTES));
    jobs.start(model);
    return Response.json(job(model));
  }

  private Response cancel() {
    jobs.cancel();
    return Response.empty();
  }

  private ObjectNode measures(Request request) {
    return ResultsJson.measures(jobs.result(model(request)));
  }

  private ArrayNode confusion(Request request) {
    JudgedModel model = jobs.result(model(request, "score", "iou"));
    return ResultsJson.confusion(Confusion.of(model.photos(), iou(request), score(request, model)));
  }

  private static double iou(Request request) {
    return request.number("iou", JudgedModel.IOU, 0, 1);
  }

  private static double score(Request request, JudgedModel model) {
    return request.number("score", model.analysis().matching().score(), 0, 1);
  }

  private ObjectNode examples(Request request) {
    JudgedModel model =
        jobs.result(
            model(
                request, "group", "type", "truth", "find", "class", "score", "iou", "least", "most",
                "offset", "limit"));
    return ResultsJson.examples(
        model,
        group(request, model),
        request.integer("offset", 0, 0, ALL),
        request.integer("limit", 24, 0, MOST_LISTED));
  }

  private static List<Example> group(Request request, JudgedModel model) {
    Examples examples = new Examples(model);
    int classes = model.dataset().categories().size();
    String group =
        request.word("group", "hardest", "easiest", "suspects", "error", "cell", "tp", "fp", "fn");
    return switch (group) {
      case "hardest" -> examples.photos(true);
      case "easiest" -> examples.photos(false);
      case "suspects" -> examples.suspects();
      case "error" -> examples.errors(type(request));
      case "cell" ->
          examples.cell(
              request.integer("truth", 0, 0, classes),
              request.integer("find", 0, 0, classes),
              iou(request),
              score(request, model));
      default ->
          examples.outcomes(
              Outcome.valueOf(group.toUpperCase(Locale.ROOT)),
              request.integer("class", 0, 0, classes),
              score(request, model),
              request.number("least", 0, 0, 1),
              request.number("most", 1, 0, 1));
    };
  }

  private static ErrorType type(Request request) {
    String key = request.query("type").orElse("");
    return Arrays.stream(ErrorType.values())
        .filter(type -> type.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new HttpFailure(
                    400, "query: type: expected a type of error, found '%s'".formatted(key)));
  }

  /** A photo with truth and detections, by its index in the dataset. */
  private ObjectNode photo(Request request) {
    JudgedModel model = jobs.result(model(request, "level"));
    int photo = -1;
    try {
      photo = model.photoOf(Integer.parseInt(request.parameter("photo")));
    } catch (NumberFormatException e) {
      // told below
    }
    if (photo < 0) {
      throw new HttpFailure(
          404,
          "photo: expected one that the model was judged on, found '%s'"
              .formatted(request.parameter("photo")));
    }
    PhotoSize size = model.size(photo);
    int level = request.integer("level", 0, 0, PictureSizes.levels(size) - 1);
    return ResultsJson.photo(model, photo, PictureSizes.level(size, level));
  }

  private Response tuned(Request request) throws IOException {
    JsonNode body = request.json(BODY_BYTES);
    ModelKey key = ModelKey.of(body);
    double[] scores = new double[body.path("scores").size()];
    for (int c = 0; c < scores.length; c++) {
      scores[c] = body.path("scores").get(c).asDouble(Double.NaN);
    }
    Path weights = models.file(key);
    Path file = HandTuned.write(weights, jobs.result(key), scores);
    Tuned saved = TunedFile.read(file);
    return Response.json(
        JsonNodeFactory.instance
            .objectNode()
            .put("file", file.toString())
            .put("before", saved.before())
            .put("after", saved.expected()));
  }
}
