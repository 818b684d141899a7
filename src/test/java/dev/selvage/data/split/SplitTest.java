package dev.selvage.data.split;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.util.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SplitTest {
  private static final int SEEDS = 20;

  /** Photos with classes of which some are rare, as in real datasets, and some photos with none. */
  private static int[][] photos(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return IntStream.range(0, count)
        .mapToObj(
            photo ->
                IntStream.rangeClosed(1, 30).filter(c -> random.nextDouble() < 0.6 / c).toArray())
        .toArray(int[][]::new);
  }

  @Property(tries = 100)
  void foldsAreDisjointAndCoverTheDataset(
      @ForAll @IntRange(min = 20, max = 200) int count, @ForAll long seed) {
    int[][] classes = photos(count, seed);
    int[] times = new int[count];
    for (int fold = 0; fold < 5; fold++) {
      Split split = Split.stratified(classes, 0.2f, fold, seed);
      assertEquals(count, split.train().length + split.valid().length);
      assertEquals(count / 5.0, split.valid().length, 0.1 * count + 2);
      Arrays.stream(split.valid()).forEach(photo -> times[photo]++);
      int[] all =
          IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.valid())).toArray();
      Arrays.sort(all);
      assertArrayEquals(IntStream.range(0, count).toArray(), all);
    }
    assertTrue(Arrays.stream(times).allMatch(n -> n == 1), Arrays.toString(times));
  }

  @Property(tries = 50)
  void theSameSeedGivesTheSameFolds(@ForAll long seed) {
    int[][] classes = photos(150, seed);
    Split split = Split.stratified(classes, 0.25, 1, seed);
    assertArrayEquals(split.valid(), Split.stratified(classes, 0.25, 1, seed).valid());
    assertFalse(Arrays.equals(split.valid(), Split.stratified(classes, 0.25, 1, seed + 1).valid()));
  }

  @Property(tries = 50)
  void aClassOfFivePhotosIsInEveryFold(@ForAll long seed) {
    int[][] classes = new int[100][];
    Arrays.setAll(classes, photo -> photo < 5 ? new int[] {1, 2} : new int[] {2});
    for (int fold = 0; fold < 5; fold++) {
      int[] valid = Split.stratified(classes, 0.2f, fold, seed).valid();
      assertEquals(1, Split.count(classes, valid, 2)[1]);
      assertEquals(20, valid.length);
    }
  }

  @Test
  void neitherPartIsEmptyUnlessItMustBe() {
    int[][] two = {{1}, {1}};
    for (double fraction : new double[] {0.01, 0.3, 0.5, 0.99}) {
      Split split = Split.stratified(two, fraction, 0, 1);
      assertEquals(1, split.train().length, "at " + fraction);
      assertEquals(1, split.valid().length, "at " + fraction);
    }
    assertEquals(2, Split.stratified(two, 0, 0, 1).train().length);
    assertEquals(
        1,
        Split.stratified(new int[][] {{}}, 0.2, 0, 1).train().length
            + Split.stratified(new int[][] {{}}, 0.2, 0, 1).valid().length);
    assertEquals(0, Split.stratified(new int[0][], 0.2, 0, 1).valid().length);
  }

  @Test
  void errorOfAKnownSplit() {
    int[][] classes = {{1}, {1}, {}, {}, {1}, {}};
    Split split = new Split(new int[] {0, 1, 2}, new int[] {3, 4, 5});
    // shares 2/3 and 1/3 where the dataset has 1/2
    assertEquals(1.0 / 6, split.labelDistributionError(classes), 1e-12);
    Split even = new Split(new int[] {0, 2}, new int[] {1, 3, 4, 5});
    assertEquals(0, even.labelDistributionError(classes), 1e-12);
  }

  @Test
  void halvesTheErrorOfARandomSplit() {
    compare("a drawn dataset", photos(800, 7));
  }

  @Test
  void halvesTheErrorOfARandomSplitOnRealPhotos() {
    Path folder = Path.of("../shared/data/street-fashion");
    Needs.that(Files.isDirectory(folder), "the split of real photos, since there is no " + folder);
    compare("street-fashion", Split.classes(KaggleDataset.open(folder)));
  }

  private static void compare(String name, int[][] classes) {
    double stratified = 0;
    double random = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      stratified += Split.stratified(classes, 0.2f, 0, seed).labelDistributionError(classes);
      random += Split.random(classes.length, 0.2f, seed).labelDistributionError(classes);
    }
    System.err.printf(
        "label-distribution error on %s, mean of %d seeds: stratified %.5f, random %.5f%n",
        name, SEEDS, stratified / SEEDS, random / SEEDS);
    assertTrue(stratified <= random / 2, stratified + " against " + random);
  }
}
