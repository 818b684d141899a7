package dev.selvage.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Instance;
import dev.selvage.predict.DetectionRules;
import dev.selvage.predict.Guide;
import dev.selvage.predict.Overlaps;
import dev.selvage.predict.RawPhoto;
import dev.selvage.predict.RawPhotos;
import dev.selvage.predict.RawPhotos.Said;
import dev.selvage.tune.Measure.Costs;
import dev.selvage.tune.Tuner.Alone;
import dev.selvage.tune.Tuner.Result;
import dev.selvage.tune.Tuner.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TunerTest {
  private static final DetectionRules DEFAULTS =
      new DetectionRules(
          new double[] {0.7, 0.7}, false, 0.3, 1, 100, 0.5, 0, Overlaps.KEEP, 0, false);

  /** Class 1 is right from a score of 0.4 on, class 2 from 0.8 on; both have many photos. */
  @Test
  void findsTheThresholdsOfTheClasses() {
    Result result = tune(photos(150, 0.4, 0.8), Measure.F1);
    double[] scores = result.rules().scores();
    assertEquals(0.4, scores[0], 0.07);
    assertEquals(0.8, scores[1], 0.07);
    assertTrue(result.before() < 0.8, "before " + result.before());
    assertTrue(result.after() > 0.95, "after " + result.after());
    assertTrue(step(result, "a lowest score for each class").kept());
  }

  /** With Kaggle's measure overlaps count: a pocket on a coat is lost where the coat is surer. */
  @Test
  void letsSmallObjectsKeepTheirPixels() {
    SplittableRandom random = new SplittableRandom(3);
    JudgedPhoto[] photos = new JudgedPhoto[40];
    for (int i = 0; i < photos.length; i++) {
      int top = random.nextInt(30);
      int[] coat = {top, 10, top + 30, 40};
      int[] pocket = {top + 5, 15, top + 10, 22};
      photos[i] =
          judged(
              RawPhotos.of(
                  new Said(1, 0.99, true, coat),
                  new Said(2, random.nextDouble(0.9, 0.98), true, pocket)),
              List.of(
                  new Instance(
                      1, JudgedPhotoTest.mask(coat).minus(JudgedPhotoTest.mask(pocket)), false),
                  new Instance(2, JudgedPhotoTest.mask(pocket), false)));
    }
    Result result = tune(photos, Measure.KAGGLE);
    assertEquals(Overlaps.SMALL, result.rules().overlaps());
    assertEquals(0.5, result.before(), 0.05);
    assertEquals(1, result.after(), 1e-9);
  }

  /** Scores that say nothing, and masks that are sure only where there is an object. */
  @Test
  void countsHowSureMasksAre() {
    SplittableRandom random = new SplittableRandom(7);
    JudgedPhoto[] photos = new JudgedPhoto[40];
    for (int i = 0; i < photos.length; i++) {
      int[] coat = {10, 10, 30, 30};
      int[] nothing = {40, 40, 60, 60};
      double score = random.nextDouble(0.7, 1);
      double other = random.nextDouble(0.7, 1);
      RawPhoto said =
          RawPhotos.of(new Said(1, score, true, coat), new Said(1, other, true, nothing));
      double[] sure = score > other ? new double[] {0.95, 0.6} : new double[] {0.6, 0.95};
      photos[i] =
          judged(
              RawPhotos.withProbabilities(said, sure),
              List.of(new Instance(1, JudgedPhotoTest.mask(coat), false)));
    }
    Result result = tune(photos, Measure.F1);
    assertTrue(step(result, "certainty of the mask").kept());
    assertTrue(result.before() < 0.7, "before " + result.before());
    assertEquals(1, result.after(), 1e-9);
  }

  /**
   * Only the certainty of masks says which class of a place is right, and only NMS across classes,
   * which comes before it, can use that: scores differ more between photos than within one.
   */
  @Test
  void triesAgainWhatALaterPartMakesUseful() {
    SplittableRandom random = new SplittableRandom(9);
    JudgedPhoto[] photos = new JudgedPhoto[60];
    for (int i = 0; i < photos.length; i++) {
      int[] box = {10, 10, 30, 30};
      double level = random.nextDouble(0.06, 1);
      double right = level * random.nextDouble(0.9, 1);
      double wrong = level * random.nextDouble(0.9, 1);
      RawPhoto said = RawPhotos.of(new Said(1, right, true, box), new Said(2, wrong, true, box));
      double[] sure = right > wrong ? new double[] {0.95, 0.6} : new double[] {0.6, 0.95};
      photos[i] =
          judged(
              RawPhotos.withProbabilities(said, sure),
              List.of(new Instance(1, JudgedPhotoTest.mask(box), false)));
    }
    Result result = tune(photos, Measure.F1);
    assertFalse(step(result, "NMS across classes").kept());
    assertTrue(step(result, "NMS across classes, round 2").kept());
    assertTrue(result.after() > 0.95, "after " + result.after());
  }

  /** Scores that say nothing: whatever is tuned on some photos is worth nothing on others. */
  @Test
  void claimsNoGainFromNoise() {
    SplittableRandom random = new SplittableRandom(5);
    JudgedPhoto[] photos = new JudgedPhoto[60];
    for (int i = 0; i < photos.length; i++) {
      int[] box = {10, 10, 30, 30};
      int[] other = {40, 40, 60, 60};
      photos[i] =
          judged(
              RawPhotos.of(
                  new Said(1, random.nextDouble(0.72, 1), true, box),
                  new Said(2, random.nextDouble(0.72, 1), true, other)),
              List.of(
                  new Instance(1, JudgedPhotoTest.mask(random.nextBoolean() ? box : other), false),
                  new Instance(
                      2, JudgedPhotoTest.mask(random.nextBoolean() ? box : other), false)));
    }
    Result result = tune(photos, Measure.F1);
    assertEquals(result.before(), result.after(), 0.02);
    assertTrue(result.after() >= result.before(), "a part that loses stays out");
    for (double score : result.rules().scores()) {
      assertTrue(score <= 0.75, Arrays.toString(result.rules().scores()));
    }
  }

  /** A class with three photos stays near the common threshold. */
  @Test
  void trustsRareClassesLittle() {
    List<JudgedPhoto> photos = new ArrayList<>(List.of(photos(80, 0.4, 2)));
    for (int i = 0; i < 3; i++) {
      int[] box = {5, 5, 25, 25};
      photos.add(
          judged(
              RawPhotos.of(new Said(2, 0.85, true, box), new Said(2, 0.5, true, 30, 30, 50, 50)),
              List.of(new Instance(2, JudgedPhotoTest.mask(box), false))));
    }
    Result result = tune(photos.toArray(JudgedPhoto[]::new), Measure.F1);
    double[] scores = result.rules().scores();
    assertEquals(0.4, scores[0], 0.07);
    assertTrue(scores[1] < 0.55, Arrays.toString(scores));
  }

  @Test
  void reportsEveryPartOnce() {
    List<Step> reported = new ArrayList<>();
    JudgedPhoto[] photos = photos(40, 0.4, 0.8);
    Result result =
        new Tuner(photos, folds(photos.length), 2, Measure.COST, new Costs(1, 3))
            .tune(DEFAULTS, Optional.empty(), reported::add);
    assertEquals(result.steps(), reported);
    Map<String, Step> byName =
        reported.stream().collect(Collectors.toMap(Step::part, Function.identity()));
    assertEquals(reported.size(), byName.size());
    assertFalse(byName.containsKey("order of overlaps"), "costs do not need masks apart");
    assertFalse(byName.containsKey("edges of the photo"), "without a photo there are none");
    assertTrue(result.after() > result.before());
    assertTrue(result.after() <= 0, "a cost is negative inside");
    assertEquals(-result.after(), Measure.COST.printed(result.after()));
  }

  /** What views give is a part of the gain: the first value is that of the model without them. */
  @Test
  void measuresTheModelWithoutViewsFirst() {
    JudgedPhoto[] without = photos(40, 0.8, 0.95);
    JudgedPhoto[] with = photos(40, 0.4, 0.8);
    Tuner plain = new Tuner(without, folds(40), 2, Measure.F1, new Costs(1, 1));
    Result result =
        new Tuner(with, folds(40), 2, Measure.F1, new Costs(1, 1))
            .tune(DEFAULTS, Optional.of(new Alone(plain.before(DEFAULTS), "views")), step -> {});
    Result alone = tune(with, Measure.F1);
    assertEquals(tune(without, Measure.F1).before(), result.before());
    assertEquals(alone.before(), step(result, "views").value());
    assertTrue(result.before() < alone.before());
    assertEquals(alone.after(), result.after());
  }

  /** AP wants every detection, whatever its score, so there is no threshold to tune. */
  @Test
  void leavesScoresForAveragePrecision() {
    Result result = tune(photos(60, 0.4, 0.8), Measure.AP50);
    for (double score : result.rules().scores()) {
      assertEquals(JudgedPhoto.MIN_SCORE, score, 1e-6);
    }
    assertTrue(result.after() > result.before());
  }

  /** The model is unsure where an object ends, and says too much; the photo knows. */
  @Test
  void looksForEdgesOfThePhoto() {
    SplittableRandom random = new SplittableRandom(11);
    JudgedPhoto[] photos = new JudgedPhoto[20];
    for (int i = 0; i < photos.length; i++) {
      int top = random.nextInt(6, 14);
      int left = random.nextInt(6, 14);
      int[] coat = {top, left, top + 32, left + 32};
      RawPhoto said = RawPhotos.of(new Said(1, 0.9, true, top - 2, left - 2, top + 33, left + 33));
      List<Instance> truths = List.of(new Instance(1, JudgedPhotoTest.mask(coat), false));
      Guide guide = RawPhotos.guide((y, x) -> inside(coat, y, x) ? 200 : 60);
      photos[i] = new JudgedPhoto(said, truths, Optional.of(guide));
    }
    Result result = tune(photos, Measure.KAGGLE);
    assertTrue(step(result, "edges of the photo").kept());
    assertTrue(result.rules().edges());
    assertTrue(result.after() > result.before() + 0.1, result.before() + " to " + result.after());
  }

  private static boolean inside(int[] box, int y, int x) {
    return y >= box[0] && x >= box[1] && y < box[2] && x < box[3];
  }

  private static JudgedPhoto judged(RawPhoto said, List<Instance> truths) {
    return new JudgedPhoto(said, truths, Optional.empty());
  }

  private static Result tune(JudgedPhoto[] photos, Measure measure) {
    return new Tuner(photos, folds(photos.length), 2, measure, new Costs(1, 1))
        .tune(DEFAULTS, Optional.empty(), step -> {});
  }

  private static Step step(Result result, String part) {
    return result.steps().stream().filter(s -> s.part().equals(part)).findFirst().orElseThrow();
  }

  private static int[][] folds(int photos) {
    return IntStream.range(0, 5)
        .mapToObj(fold -> IntStream.range(0, photos).filter(i -> i % 5 == fold).toArray())
        .toArray(int[][]::new);
  }

  /** Photos with one candidate of each class, which is right where its score is high enough. */
  private static JudgedPhoto[] photos(int count, double... right) {
    SplittableRandom random = new SplittableRandom(1);
    JudgedPhoto[] photos = new JudgedPhoto[count];
    for (int i = 0; i < count; i++) {
      List<Said> said = new ArrayList<>();
      List<Instance> truths = new ArrayList<>();
      for (int c = 0; c < right.length; c++) {
        if (right[c] <= 1) {
          int[] box = {5 + 28 * c, 5, 25 + 28 * c, 25};
          double score = random.nextDouble(0.06, 1);
          said.add(new Said(c + 1, score, true, box));
          if (score >= right[c]) {
            truths.add(new Instance(c + 1, JudgedPhotoTest.mask(box), false));
          }
        }
      }
      photos[i] = judged(RawPhotos.of(said.toArray(Said[]::new)), truths);
    }
    return photos;
  }
}
