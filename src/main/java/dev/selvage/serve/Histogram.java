package dev.selvage.serve;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Counts times by their length, as Prometheus' histograms do. Thread-safe. */
final class Histogram {
  /** Upper ends of the ranges, in seconds. */
  private static final double[] ENDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
  };

  /** Times in each range; the last one has no end. */
  private final LongAdder[] counts = new LongAdder[ENDS.length + 1];

  private final DoubleAdder sum = new DoubleAdder();

  Histogram() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  void add(double seconds) {
    int range = 0;
    while (range < ENDS.length && seconds > ENDS[range]) {
      range++;
    }
    counts[range].increment();
    sum.add(seconds);
  }

  /**
   * Appends the lines of one histogram.
   *
   * @param label such as {@code stage="decode"}
   */
  void write(StringBuilder out, String name, String label) {
    long below = 0;
    for (int i = 0; i < counts.length; i++) {
      below += counts[i].sum();
      String end = i < ENDS.length ? Double.toString(ENDS[i]) : "+Inf";
      line(out, name + "_bucket", label + ",le=\"" + end + "\"", Long.toString(below));
    }
    line(out, name + "_sum", label, Double.toString(sum.sum()));
    line(out, name + "_count", label, Long.toString(below));
  }

  private static void line(StringBuilder out, String name, String label, String value) {
    out.append(name).append('{').append(label).append("} ").append(value).append('\n');
  }
}
