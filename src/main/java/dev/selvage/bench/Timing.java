package dev.selvage.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Medians of wall-clock times. */
final class Timing {
  private Timing() {}

  /** The median time of a body over some runs, in seconds. */
  static double median(int runs, Runnable body) {
    return medians(runs, Map.of(0, body), key -> {}).get(0);
  }

  /**
   * The same for several bodies that take turns, in the order of the map.
   *
   * @param before called with a body's key before each of its runs, untimed
   */
  static <K> Map<K, Double> medians(int runs, Map<K, Runnable> bodies, Consumer<K> before) {
    Map<K, double[]> seconds = new HashMap<>();
    bodies.keySet().forEach(key -> seconds.put(key, new double[runs]));
    for (int i = 0; i < runs; i++) {
      for (Map.Entry<K, Runnable> body : bodies.entrySet()) {
        before.accept(body.getKey());
        long start = System.nanoTime();
        body.getValue().run();
        seconds.get(body.getKey())[i] = (System.nanoTime() - start) * 1e-9;
      }
    }
    Map<K, Double> medians = new HashMap<>();
    seconds.forEach((key, times) -> medians.put(key, middle(times)));
    return medians;
  }

  private static double middle(double[] times) {
    Arrays.sort(times);
    return (times[(times.length - 1) / 2] + times[times.length / 2]) / 2;
  }
}
