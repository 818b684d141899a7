package dev.selvage.eval.analysis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.CocoStatistics;
import dev.selvage.eval.CocoStatistics.CategoryScore;
import dev.selvage.eval.IouType;
import dev.selvage.mask.Rle;
import java.util.List;
import org.junit.jupiter.api.Test;

class ApSliceTest {
  private static final Category SHIRT = new Category(1, "shirt", "");

  /** Two photos with one object, of which one is found; one with three, all found. */
  @Test
  void photosByTheirObjects() {
    Rle mask = Rle.fromBitmask(new byte[] {1, 1, 0, 0}, 2, 2);
    Instance truth = new Instance(1, mask, false);
    Detection found = new Detection(1, .9, truth.box(), mask);
    ApSlice.ByObjects parts = new ApSlice.ByObjects(List.of(SHIRT), IouType.MASK);
    parts.add(List.of(truth), List.of(found));
    parts.add(List.of(truth), List.of());
    parts.add(List.of(truth, truth, truth), List.of(found, found, found));
    parts.add(List.of(), List.of(found));
    List<ApSlice> slices = parts.slices();
    assertEquals(List.of("1 to 2", "3 to 5", "6 to 10", "11 or more"), names(slices));
    assertEquals(2, slices.get(0).size());
    assertEquals(51 / 101., slices.get(0).ap(), 1e-12);
    assertEquals(1, slices.get(1).ap(), 1e-12);
    assertEquals(-1, slices.get(2).ap());
  }

  @Test
  void classesByTheirObjects() {
    CocoStatistics statistics =
        new CocoStatistics(
            new double[12],
            List.of(
                new CategoryScore(SHIRT, 10, .2, .4),
                new CategoryScore(SHIRT, 1, .4, .6),
                new CategoryScore(SHIRT, 101, .5, .7),
                new CategoryScore(SHIRT, 0, Double.NaN, Double.NaN)));
    List<ApSlice> slices = ApSlice.byFrequency(statistics);
    assertEquals(
        List.of("rare, 1 to 10", "common, 11 to 100", "frequent, 101 or more"), names(slices));
    assertEquals(2, slices.get(0).size());
    assertEquals(.3, slices.get(0).ap(), 1e-12);
    assertEquals(-1, slices.get(1).ap());
    assertEquals(.7, slices.get(2).ap50(), 1e-12);
  }

  private static List<String> names(List<ApSlice> slices) {
    return slices.stream().map(ApSlice::name).toList();
  }
}
