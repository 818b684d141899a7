package dev.selvage.bench;

import dev.selvage.doctor.SystemInfo;
import dev.selvage.runtime.Native;
import dev.selvage.tensor.DType;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The same work in several precisions, which take turns, so that other load on the machine slows
 * all of them equally.
 */
final class InterleavedBenchmark {
  private static final int WARM_UP = 2;

  private InterleavedBenchmark() {}

  /**
   * Runs the benchmark.
   *
   * @param bodies the work, by the element type of its feature maps
   * @param images in one run of the work
   * @param dense floating-point operations that the reference would execute
   * @param runs of each, of which the median is reported
   */
  static Map<DType, Measurement> run(
      Map<DType, Runnable> bodies, int images, double dense, int runs) {
    Map<DType, Double> executed = new EnumMap<>(DType.class);
    bodies.forEach(
        (type, body) -> {
          for (int i = 0; i < WARM_UP; i++) {
            long before = Native.executedFlops();
            body.run();
            executed.put(type, (double) (Native.executedFlops() - before));
          }
        });
    Map<DType, Double> before = each(bodies, MatmulPeak::measure);
    Map<DType, Double> seconds = Timing.medians(runs, bodies);
    Map<DType, Double> after = each(bodies, MatmulPeak::measure);
    return each(
        bodies,
        type ->
            new Measurement(
                seconds.get(type) * 1e3,
                images / seconds.get(type),
                executed.get(type) / 1e9,
                dense / 1e9,
                (before.get(type) + after.get(type)) / 2 / 1e9,
                SystemInfo.peakResident() / 1048576.0,
                Map.of()));
  }

  private static <T> Map<DType, T> each(Map<DType, Runnable> bodies, Function<DType, T> value) {
    Map<DType, T> values = new EnumMap<>(DType.class);
    bodies.keySet().forEach(type -> values.put(type, value.apply(type)));
    return values;
  }
}
