package dev.selvage.inspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.config.Config;
import dev.selvage.data.split.LabelledPhotos;
import dev.selvage.data.split.Split;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitComparisonTest {
  @Test
  void photosOfAClassAndObjectsOfAPhotoAreCountedOnBothSides() {
    LabelledPhotos photos =
        new LabelledPhotos(
            LabelledPhotos.categories(2),
            new int[] {1, 1, 2},
            new int[] {},
            new int[] {2},
            new int[] {1});
    Split split = new Split(new int[] {0, 1}, new int[] {2, 3});
    SplitComparison sides = SplitComparison.of(split, photos, Config.defaults(), 1);
    assertEquals(2, sides.train());
    assertEquals(2, sides.valid());
    assertEquals(
        List.of(new SplitComparison.Side("a", 1, 1), new SplitComparison.Side("b", 1, 1)),
        sides.classes());
    assertArrayEquals(new int[] {1, 0, 0, 1}, sides.trainObjects().counts());
    assertArrayEquals(new int[] {0, 2, 0, 0}, sides.validObjects().counts());
    assertEquals(0, sides.error());
  }
}
