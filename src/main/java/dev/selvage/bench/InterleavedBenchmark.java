package dev.selvage.bench;

import dev.selvage.doctor.SystemInfo;
import dev.selvage.runtime.Native;
import dev.selvage.tensor.DType;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The same work in several precisions, which take turns, so that other load on the machine slows
 * all of them equally. With busy processes, each precision is measured both without and beside
 * them.
 */
final class InterleavedBenchmark {
  private static final int WARM_UP = 2;

  private InterleavedBenchmark() {}

  /** What is measured in one turn. */
  private record Turn(DType type, boolean beside) {}

  /**
   * Runs the benchmark.
   *
   * @param bodies the work, by the element type of its feature maps
   * @param images in one run of the work
   * @param dense floating-point operations that the reference would execute
   * @param runs of each, of which the median is reported
   * @param busy resting processes, perhaps none, which rest again afterwards
   */
  static Map<DType, Measurement> run(
      Map<DType, Runnable> bodies, int images, double dense, int runs, BusyProcesses busy) {
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
    Map<Turn, Runnable> turns = new LinkedHashMap<>();
    bodies.forEach((type, body) -> turns.put(new Turn(type, false), body));
    if (busy.count() > 0) {
      bodies.forEach((type, body) -> turns.put(new Turn(type, true), body));
    }
    Map<Turn, Double> medians = Timing.medians(runs, turns, turn -> busy.spin(turn.beside()));
    busy.spin(false);
    Map<DType, Double> seconds = each(bodies, type -> medians.get(new Turn(type, false)));
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
                beside(seconds.get(type), medians.get(new Turn(type, true)), busy.count())));
  }

  /** The values beside busy processes; empty where there were none. */
  private static Map<String, Double> beside(double quiet, Double beside, int busy) {
    Map<String, Double> values = new LinkedHashMap<>();
    if (beside != null) {
      values.put("median_beside_ms", beside * 1e3);
      values.put("throughput_beside", quiet / beside);
      if (Native.selectedDevice().getString().equals("cpu")) {
        int cores = Runtime.getRuntime().availableProcessors();
        values.put("fair_share", fairShare(Native.threads(), cores, busy));
      }
    }
    return values;
  }

  /**
   * The part of its speed that is left to a process if the cores are divided equally among its
   * threads and the busy processes, and a thread uses one core at most.
   */
  static double fairShare(int threads, int cores, int busy) {
    double beside = Math.min(1, (double) cores / (threads + busy));
    double quiet = Math.min(1, (double) cores / threads);
    return beside / quiet;
  }

  private static <T> Map<DType, T> each(Map<DType, Runnable> bodies, Function<DType, T> value) {
    Map<DType, T> values = new EnumMap<>(DType.class);
    bodies.keySet().forEach(type -> values.put(type, value.apply(type)));
    return values;
  }
}
