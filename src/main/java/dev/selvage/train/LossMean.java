package dev.selvage.train;

import dev.selvage.model.Losses;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The mean of the losses over steps. It can be saved and restored exactly. */
final class LossMean {
  private final double[] sums = new double[Losses.NAMES.size()];
  private int steps;

  void add(Losses losses) {
    int i = 0;
    for (double value : losses.byName().values()) {
      sums[i++] += value;
    }
    steps++;
  }

  int steps() {
    return steps;
  }

  /** The mean of the weighted sum of all losses. */
  double total() {
    return sums[0] / steps;
  }

  /** By Keras' names. */
  Map<String, Double> byName() {
    Map<String, Double> means = new LinkedHashMap<>();
    for (int i = 0; i < sums.length; i++) {
      means.put(Losses.NAMES.get(i), sums[i] / steps);
    }
    return means;
  }

  void clear() {
    Arrays.fill(sums, 0);
    steps = 0;
  }

  /** The sums by name, for {@link #restore}. */
  Map<String, String> save() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < sums.length; i++) {
      texts.put(Losses.NAMES.get(i), Double.toString(sums[i])); // reads back as the same double
    }
    return texts;
  }

  void restore(Map<String, String> texts, int stepsSoFar) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Double.parseDouble(texts.get(Losses.NAMES.get(i)));
    }
    steps = stepsSoFar;
  }
}
