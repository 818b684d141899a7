package dev.selvage.bench;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.util.UserError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Times one loader thread against {@link NaiveLoader}. Both load the same photos, in turns. */
public final class LoaderBench {
  /** Photos per turn; with short turns, other load on the machine slows both equally. */
  private static final int TURN = 25;

  /** Turns that are not counted, while the JVM compiles the code. */
  private static final int WARM_UP = 12;

  private LoaderBench() {}

  /**
   * Runs the benchmark.
   *
   * @param config with square images and mini masks
   * @param count photos that each loader loads after the warm-up
   * @return by name: images per second of both loaders, and their ratio
   */
  public static Map<String, Double> run(Dataset dataset, Config config, int count) {
    Config single = config.with("IMAGES_PER_GPU", 1);
    int[] images =
        IntStream.range(0, dataset.size()).filter(i -> dataset.classIds(i).length > 0).toArray();
    if (images.length == 0) {
      throw new UserError(
          "bench loader: expected photos with objects in %s, found none".formatted(dataset.name()));
    }
    NaiveLoader naive = new NaiveLoader(dataset, single);
    double ours = 0;
    double theirs = 0;
    int done = 0;
    for (int first = -WARM_UP * TURN; first < count; first += TURN) {
      int turn = Math.min(TURN, count - first);
      int at = first + WARM_UP * TURN;
      double a = ours(dataset, images, single, at, turn);
      double b =
          seconds(
              () ->
                  IntStream.range(at, at + turn)
                      .forEach(i -> naive.load(images[i % images.length])));
      if (first >= 0) {
        ours += a;
        theirs += b;
        done += turn;
      }
    }
    Map<String, Double> found = new LinkedHashMap<>();
    found.put("images", (double) done);
    found.put("loader_images_per_second", done / ours);
    found.put("naive_images_per_second", done / theirs);
    found.put("ratio", theirs / ours);
    return found;
  }

  /**
   * Seconds that the loader takes for so many photos. The anchors, which it makes once, do not
   * count.
   */
  private static double ours(Dataset dataset, int[] images, Config config, int first, int count) {
    try (BatchLoader loader = BatchLoader.validation(dataset, images, config, 1, 1, 1)) {
      loader.startAt(first, Augmentation.NONE);
      take(loader);
      return seconds(() -> IntStream.range(0, count).forEach(i -> take(loader)));
    }
  }

  private static void take(BatchLoader loader) {
    try (Batch batch = loader.next()) {
      if (batch.size() != 1) {
        throw new IllegalStateException("a batch of " + batch.size());
      }
    }
  }

  private static double seconds(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }
}
