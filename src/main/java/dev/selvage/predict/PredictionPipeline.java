package dev.selvage.predict;

import dev.selvage.data.Detection;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.ResizePlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Runs the model on many photos; decoding and finishing run on other threads. */
public final class PredictionPipeline {
  /** Takes the photos' results in their order, on a thread of its own. */
  @FunctionalInterface
  public interface Receiver {
    /**
     * One photo is done.
     *
     * @param photo its place among all photos of the run
     * @param outcome empty where the photo cannot be decoded
     */
    void accept(int photo, Optional<Outcome> outcome);
  }

  /**
   * A photo's result.
   *
   * @param found highest score first
   */
  public record Outcome(PhotoSize size, List<Detection> found) {}

  private record Computed(Supplier<List<Detection>> found, ResizePlan plan) {
    Outcome outcome() {
      return new Outcome(new PhotoSize(plan.originalHeight(), plan.originalWidth()), found.get());
    }
  }

  private PredictionPipeline() {}

  /**
   * Runs all photos.
   *
   * @param sizes of each photo, by its place; empty where it cannot be decoded
   */
  public static void over(
      List<Path> files,
      IntFunction<Optional<PhotoSize>> sizes,
      Predictor predictor,
      Receiver receiver) {
    new Pipeline<LoadedViews, Computed>(
            i -> sizes.apply(i).flatMap(size -> predictor.loadViews(files.get(i), size)),
            photo -> new Computed(predictor.compute(photo), photo.views().get(0).plan()),
            (i, computed) -> receiver.accept(i, computed.map(Computed::outcome)))
        .run(files.size());
  }
}
