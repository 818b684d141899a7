package dev.selvage.tune;

import dev.selvage.predict.DetectionRules;
import dev.selvage.predict.Overlaps;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A part of the rules that is tuned by trying a few values. */
enum Part {
  SCORE("one lowest score") {
    @Override
    Stream<DetectionRules> options(DetectionRules r) {
      return SCORES.stream().map(score -> withScore(r, score));
    }
  },
  CLASSES("classes of a region") {
    @Override
    Stream<DetectionRules> options(DetectionRules r) {
      return nearScores(Stream.of(r.withAllClasses(!r.allClasses())));
    }
  },
  NMS("NMS within a class") {
    @Override
    Stream<DetectionRules> options(DetectionRules r) {
      return nearScores(steps(0.2, 0.7, 6).map(nms -> r.withNms(nms)));
    }
  },
  NMS_ACROSS("NMS across classes") {
    @Override
    Stream<DetectionRules> options(DetectionRules r) {
      return nearScores(steps(0.5, 0.9, 5).map(nms -> r.withNmsAcross(nms)));
    }
  },
  EDGES("edges of the photo") {
    @Override
    Stream<DetectionRules> options(DetectionRules r) {
      DetectionRules other = r.withEdges(!r.edges());
      return steps(0.25, 0.5, 6).map(other::withMaskThreshold); // edges want another one
    }
  },
  MASK("mask threshold") {
    @Override
    Stream<DetectionRules> options(DetectionRules r) {
      return steps(0.15, 0.7, 12).map(threshold -> r.withMaskThreshold(threshold));
    }
  },
  MASKNESS("certainty of the mask") {
    @Override
    Stream<DetectionRules> options(DetectionRules r) {
      return Stream.of(0.5, 1.0, 2.0, 3.0)
          .flatMap(power -> SCORES.stream().map(score -> withScore(r.withMaskness(power), score)));
    }
  },
  OVERLAPS("order of overlaps") {
    @Override
    Stream<DetectionRules> options(DetectionRules r) {
      return nearScores(Stream.of(r.withOverlaps(Overlaps.SMALL)));
    }
  },
  AREA("least area") {
    @Override
    Stream<DetectionRules> options(DetectionRules r) {
      return Stream.of(10, 20, 40, 80, 160, 320, 640).map(area -> r.withLeastArea(area));
    }
  },
  MOST("most objects") {
    @Override
    Stream<DetectionRules> options(DetectionRules r) {
      return Stream.of(5, 8, 12, 16, 20, 25, 30, 40, 60).map(most -> r.withMostObjects(most));
    }
  };

  /** The lowest scores to try. */
  static final List<Double> SCORES = steps(0.05, 0.95, 19).toList();

  private final String title;

  Part(String title) {
    this.title = title;
  }

  /** What is tuned, in a table. */
  String title() {
    return title;
  }

  /** Rules that differ from others in this part, and perhaps a little in all scores too. */
  abstract Stream<DetectionRules> options(DetectionRules rules);

  /** Evenly spaced values, without the noise of binary fractions. */
  static Stream<Double> steps(double first, double last, int count) {
    return Stream.iterate(0, i -> i + 1)
        .limit(count)
        .map(i -> Math.rint((first + i * (last - first) / (count - 1)) * 1000) / 1000);
  }

  static DetectionRules withScore(DetectionRules rules, double score) {
    return rules.withScores(filled(rules.scores(), score));
  }

  private static double[] filled(double[] like, double value) {
    double[] values = new double[like.length];
    Arrays.fill(values, value);
    return values;
  }

  /** Where more or fewer objects suppress each other, another score may be better. */
  private static Stream<DetectionRules> nearScores(Stream<DetectionRules> options) {
    return options.flatMap(
        r ->
            Stream.of(0.0, -0.05, 0.05, 0.1)
                .map(
                    shift ->
                        r.withScores(
                            Arrays.stream(r.scores())
                                .map(
                                    s ->
                                        Math.rint(1000 * Math.min(0.95, Math.max(0.05, s + shift)))
                                            / 1000)
                                .toArray())));
  }
}
