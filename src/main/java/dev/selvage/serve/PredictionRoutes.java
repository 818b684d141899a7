package dev.selvage.serve;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.coco.DetectionJson;
import dev.selvage.coco.DetectionJson.Segmentation;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.image.MemoryPhoto;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.UnusablePhoto;
import dev.selvage.http.HttpFailure;
import dev.selvage.http.Multipart;
import dev.selvage.http.Request;
import dev.selvage.http.Response;
import dev.selvage.http.Routes;
import dev.selvage.predict.LoadedViews;
import dev.selvage.predict.Predictor;
import dev.selvage.report.Pictures;
import dev.selvage.serve.PredictionQueue.Abandoned;
import dev.selvage.serve.PredictionQueue.Computed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Detection in a photo that a client sends. Photos are decoded and results finished on the threads
 * of the requests; a {@link PredictionQueue} computes between.
 */
public final class PredictionRoutes {
  private static final String JSON = "application/json";
  private static final String JPEG = "image/jpeg";
  private static final String PNG = "image/png";

  private final Predictor predictor;
  private final PredictionQueue queue;
  private final ModelFacts model;
  private final Limits limits;
  private final Metrics metrics;
  private final Pictures pictures;

  /** More decoders than processors would only take memory. */
  private final Semaphore decoders =
      new Semaphore(Runtime.getRuntime().availableProcessors(), true);

  /**
   * Routes of one model.
   *
   * @param queue whose {@link PredictionQueue#run} computes with the same predictor
   */
  public PredictionRoutes(
      Predictor predictor,
      PredictionQueue queue,
      ModelFacts model,
      Limits limits,
      Metrics metrics) {
    this.predictor = predictor;
    this.queue = queue;
    this.model = model;
    this.limits = limits;
    this.metrics = metrics;
    pictures = new Pictures(model.categories().stream().map(Category::name).toList());
  }

  /** {@code POST /v1/predict} and {@code GET /v1/model}. */
  public Routes routes() {
    return new Routes().post("/v1/predict", this::predict).get("/v1/model", this::model);
  }

  Response model(Request request) {
    return Response.json(model.json());
  }

  /** What a client asks for besides detection. */
  private record Wish(String type, Segmentation segmentation, double minScore, int imageId) {
    static Wish of(Request request) {
      request.requireQuery("segmentation", "min_score", "image_id");
      String type =
          MediaTypes.choose(request.header("Accept"), List.of(JSON, JPEG, PNG))
              .orElseThrow(
                  () ->
                      new HttpFailure(
                          406, "header Accept: expected %s, %s or %s".formatted(JSON, JPEG, PNG)));
      String form = request.word("segmentation", "rle", "polygons", "none");
      return new Wish(
          type,
          Segmentation.valueOf(form.toUpperCase(Locale.ROOT)),
          request.number("min_score", 0, 0, 1),
          request.integer("image_id", 0, 0, Integer.MAX_VALUE));
    }
  }

  Response predict(Request request) throws IOException {
    Wish wish = Wish.of(request);
    byte[] body = image(request);
    long end = System.nanoTime() + limits.time().toNanos();
    Stages stages = new Stages();
    queue.enter();
    try {
      MemoryPhoto photo = predictor.photo(body);
      requireMask(photo.size());
      LoadedViews views = decode(photo, end);
      stages.end("decode");
      Computed computed = queue.compute(views, end, request::isGone);
      stages.add("wait", computed.waitSeconds());
      stages.add("compute", computed.computeSeconds());
      List<Detection> found = new ArrayList<>(computed.found().get());
      found.removeIf(d -> (float) d.score() < (float) wish.minScore());
      stages.end("finish");
      Response response =
          wish.type().equals(JSON)
              ? json(photo.size(), found, wish, stages)
              : picture(photo, found, wish.type());
      if (!wish.type().equals(JSON)) {
        stages.end("draw");
      }
      metrics.photo(found.size(), stages);
      return response.with("Server-Timing", stages.header());
    } catch (UnusablePhoto e) {
      throw new HttpFailure(status(e.kind()), "the photo " + e.getMessage());
    } catch (Abandoned e) {
      throw request.gone();
    } finally {
      queue.leave();
    }
  }

  private static int status(UnusablePhoto.Kind kind) {
    return switch (kind) {
      case UNKNOWN_FORMAT -> 415;
      case DAMAGED -> 422;
      case TOO_LARGE -> 413;
    };
  }

  private byte[] image(Request request) throws IOException {
    byte[] body = request.body(limits.bytes());
    String type = request.header("Content-Type").orElse("");
    byte[] image = Multipart.is(type) ? Multipart.field(type, body, "image") : body;
    if (image.length == 0) {
      throw new HttpFailure(400, "body: expected a photo, found nothing");
    }
    return image;
  }

  /** The number of a mask's pixels must be a whole number of Java. */
  private static void requireMask(PhotoSize size) {
    if ((long) size.height() * size.width() > Integer.MAX_VALUE) {
      throw new HttpFailure(
          413,
          "the photo has %d x %d pixels: expected fewer than 2^31"
              .formatted(size.width(), size.height()));
    }
  }

  private LoadedViews decode(MemoryPhoto photo, long end) throws UnusablePhoto {
    try {
      if (!decoders.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new HttpFailure(503, "the photo was not done in time", queue.retrySeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpFailure(503, "the service stops");
    }
    try {
      return predictor.loadViews(photo);
    } finally {
      decoders.release();
    }
  }

  private Response json(PhotoSize size, List<Detection> found, Wish wish, Stages stages) {
    ArrayNode results = JsonNodeFactory.instance.arrayNode();
    for (Detection detection : found) {
      ObjectNode result = results.addObject();
      result.put("image_id", wish.imageId());
      Category category = model.categories().get(detection.classId() - 1);
      result.setAll(DetectionJson.of(detection, category, wish.segmentation()));
    }
    return Response.json(
        Map.of(
            "image", Map.of("width", size.width(), "height", size.height()),
            "results", results,
            "milliseconds", stages.milliseconds()));
  }

  private Response picture(MemoryPhoto photo, List<Detection> found, String type)
      throws UnusablePhoto {
    int height = photo.size().height();
    int width = photo.size().width();
    try (Mat pixels = photo.atLeast(Pictures.MOST)) {
      return Response.bytes(
          type,
          type.equals(PNG)
              ? pictures.resultPng(pixels, height, width, found)
              : pictures.resultJpeg(pixels, height, width, found));
    }
  }
}
