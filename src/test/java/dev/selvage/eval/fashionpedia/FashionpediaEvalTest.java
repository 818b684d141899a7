package dev.selvage.eval.fashionpedia;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.IouType;
import dev.selvage.eval.RandomScenes;
import dev.selvage.eval.fashionpedia.FashionpediaEval.Thresholds;
import dev.selvage.mask.Rle;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FashionpediaEvalTest {
  /** One with attributes, one without, one of the parts. */
  private static final List<Category> CATEGORIES =
      List.of(
          new Category(0, "shirt", ""),
          new Category(13, "hat", ""),
          new Category(31, "sleeve", ""));

  /**
   * Of ten: one in common, one only found, two only true. F1 is 2/5 for "has" and 12/15 for "not".
   */
  @Test
  void f1IsTheMeanOfBothValues() {
    assertEquals((2 / 5. + 12 / 15.) / 2, of(10, 1, 2).f1(of(10, 2, 3, 4)), 1e-15);
    assertEquals(1, of(10, 1, 2).f1(of(10, 1, 2)));
    assertEquals(1, of(10).f1(of(10)));
    assertEquals(1, of(2, 0, 1).f1(of(2, 0, 1)));
    assertEquals((0 + 14 / 17.) / 2, of(10).f1(of(10, 1, 2, 3)), 1e-15);
  }

  /** The place is right; of four attributes one is wrong: F1 2/3 and 4/5, so 0.733: up to 0.70. */
  @Test
  void aMatchNeedsBoth() {
    FashionpediaEval eval = new FashionpediaEval(CATEGORIES, IouType.MASK);
    Rle mask = Rle.fromBitmask(new byte[] {1, 1, 0, 0}, 2, 2);
    Instance truth = new Instance(1, mask, false);
    eval.add(
        List.of(new AttributedTruth(truth, of(4, 1))),
        List.of(new AttributedDetection(new Detection(1, .9, truth.box(), mask), of(4, 1, 2))));
    Map<String, Double> both = eval.results(Thresholds.IOU_F1);
    assertEquals(.5, both.get("AP"), 1e-12);
    assertEquals(1, both.get("AP_F150"), 1e-12);
    assertEquals(0, both.get("AP_F175"), 1e-12);
    assertEquals(1, eval.results(Thresholds.IOU).get("AP"), 1e-12);
    assertEquals(-1, both.get("APp"));
    assertEquals(.5, both.get("AR@1"), 1e-12);
  }

  /** One category with attributes counts ten times, the other one once. */
  @Test
  void aCategoryWithAttributesCountsForEachThreshold() {
    FashionpediaEval eval = new FashionpediaEval(CATEGORIES, IouType.MASK);
    Rle mask = Rle.fromBitmask(new byte[] {1, 1, 0, 0}, 2, 2);
    Instance shirt = new Instance(1, mask, false);
    Instance hat = new Instance(2, mask, true);
    eval.add(
        List.of(new AttributedTruth(shirt, of(4, 1)), new AttributedTruth(hat, of(4))),
        List.of(new AttributedDetection(new Detection(2, .9, hat.box(), mask), of(4))));
    assertEquals(1 / 11., eval.results(Thresholds.IOU_F1).get("AP"), 1e-12);
    assertEquals(1 / 2., eval.results(Thresholds.IOU).get("AP"), 1e-12);
  }

  @Test
  void anythingCanBeJudged() {
    RandomScenes scenes = new RandomScenes(5, 3);
    Random random = new Random(5);
    for (int run = 0; run < 20; run++) {
      FashionpediaEval eval =
          new FashionpediaEval(CATEGORIES, run % 2 == 0 ? IouType.BOX : IouType.MASK);
      for (int photo = 0; photo < run % 4; photo++) {
        List<Instance> truths = scenes.truths();
        List<Detection> found = scenes.found(truths);
        eval.add(
            truths.stream().map(t -> new AttributedTruth(t, random(random))).toList(),
            found.stream().map(f -> new AttributedDetection(f, random(random))).toList());
      }
      for (Thresholds thresholds : Thresholds.values()) {
        eval.results(thresholds).values().forEach(v -> assertTrue(v == -1 || v >= 0 && v <= 1));
      }
    }
  }

  private static Attributes random(Random random) {
    BitSet set = new BitSet();
    for (int i = random.nextInt(4); i > 0; i--) {
      set.set(random.nextInt(6));
    }
    return new Attributes(set, 6);
  }

  private static Attributes of(int count, int... places) {
    BitSet set = new BitSet();
    for (int place : places) {
      set.set(place);
    }
    return new Attributes(set, count);
  }
}
