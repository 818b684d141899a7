package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.model.Candidates;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Which candidates of a photo are kept for later choices: those that survive the suppression within
 * their class at one threshold or more of a grid, and those that the settings choose. At each of
 * these thresholds the kept candidates have the same survivors as all candidates.
 */
final class RawChoice {
  /** Lowest score that is kept. */
  static final float MIN_SCORE = 0.01f;

  /** Thresholds of suppression that the kept candidates serve; `tune` tries these. */
  static final double[] NMS = {0.2, 0.3, 0.4, 0.5, 0.6, 0.7};

  /** Candidates of a photo beside those that the settings themselves choose. */
  static final int MOST = 200;

  private final DetectionRules rules;

  /** A choice for a model with its settings. */
  RawChoice(Config config) {
    rules = DetectionRules.of(config.with("DETECTION_MIN_CONFIDENCE", MIN_SCORE));
  }

  /** The places that are kept, highest score first. */
  int[] places(Candidates all) {
    BitSet always = bits(rules.choose(all));
    int[] every = IntStream.range(0, all.size()).toArray();
    int[] likeliest = IntStream.of(every).filter(i -> all.best()[i]).toArray();
    BitSet some = new BitSet();
    for (double threshold : NMS) {
      some.or(bits(Nms.survivors(all, every, threshold, false)));
      some.or(bits(Nms.survivors(all, likeliest, threshold, false)));
    }
    some.andNot(always);
    some.stream().limit(MOST).forEach(always::set);
    return always.stream().toArray();
  }

  private static BitSet bits(int[] places) {
    BitSet bits = new BitSet();
    IntStream.of(places).forEach(bits::set);
    return bits;
  }
}
