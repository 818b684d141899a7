package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.model.Candidates;
import java.util.BitSet;
import java.util.TreeSet;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Which candidates of a photo are kept for later choices: those that survive the suppression within
 * their class at one threshold or more of a grid. At each of these thresholds the kept candidates
 * have the same survivors as all candidates.
 */
final class RawChoice {
  /** Lowest score that is kept. */
  static final float MIN_SCORE = 0.01f;

  /** Thresholds of suppression that the kept candidates serve, beside that of the settings. */
  static final double[] NMS = {0.2, 0.3, 0.4, 0.5, 0.6, 0.7};

  /** Candidates of a photo beside those that the settings themselves choose. */
  static final int MOST = 200;

  private final DetectionRules rules;

  /** A choice for a model with its settings. */
  RawChoice(Config config) {
    rules = DetectionRules.of(config.with("DETECTION_MIN_CONFIDENCE", MIN_SCORE));
  }

  /** The thresholds of suppression that kept candidates serve. */
  static double[] nms(Config config) {
    return DoubleStream.concat(
            DoubleStream.of(NMS),
            // the setting is a float: 0.3f is the 0.3 of the grid
            DoubleStream.of(Double.parseDouble(String.valueOf(config.DETECTION_NMS_THRESHOLD))))
        .distinct()
        .sorted()
        .toArray();
  }

  /** The places that are kept, highest score first. */
  int[] places(Candidates all) {
    BitSet always = bits(rules.choose(all));
    int[] every = IntStream.range(0, all.size()).toArray();
    int[] likeliest = IntStream.of(every).filter(i -> all.best()[i]).toArray();
    BitSet some = new BitSet();
    for (double threshold : thresholds()) {
      some.or(bits(Nms.survivors(all, every, threshold, false)));
      some.or(bits(Nms.survivors(all, likeliest, threshold, false)));
    }
    some.andNot(always);
    some.stream().limit(MOST).forEach(always::set);
    return always.stream().toArray();
  }

  private TreeSet<Double> thresholds() {
    TreeSet<Double> all = new TreeSet<>();
    DoubleStream.of(NMS).forEach(all::add);
    all.add(rules.nms());
    return all;
  }

  private static BitSet bits(int[] places) {
    BitSet bits = new BitSet();
    IntStream.of(places).forEach(bits::set);
    return bits;
  }
}
