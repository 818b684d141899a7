package dev.selvage.data.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.config.Config;
import dev.selvage.config.ResizeMode;
import dev.selvage.data.Instance;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.mask.Rle;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GroundTruthBuilderTest {
  private static final int SIDE = 64;

  /** An L in rows 8..23 and columns 4..11: the whole height at columns 4..7, the foot below. */
  private static byte[] letter() {
    byte[] pixels = new byte[SIDE * SIDE];
    for (int y = 8; y < 24; y++) {
      for (int x = 4; x < (y < 16 ? 8 : 12); x++) {
        pixels[y * SIDE + x] = 1;
      }
    }
    return pixels;
  }

  private static GroundTruthBuilder.Truth build(Config settings) {
    Config config = settings.with("IMAGE_RESIZE_MODE", ResizeMode.NONE);
    byte[] letter = letter();
    byte[] columns = new byte[SIDE * SIDE];
    for (int i = 0; i < columns.length; i++) {
      columns[i % SIDE * SIDE + i / SIDE] = letter[i];
    }
    Rle mask = Rle.fromBitmask(columns, SIDE, SIDE);
    ResizePlan plan = ResizePlan.of(config, SIDE, SIDE, new SplittableRandom(1));
    List<Instance> instances =
        List.of(
            new Instance(7, mask, false),
            new Instance(9, Rle.empty(SIDE, SIDE), false),
            new Instance(3, mask, true));
    return GroundTruthBuilder.build(ResizedInstance.all(instances, plan.grid()), plan, config);
  }

  @Test
  void miniMasksShowTheBoxAndCrowdsStandApart() {
    Config config = Config.defaults().with("MINI_MASK_SHAPE", List.of(4, 2));
    GroundTruthBuilder.Truth truth = build(config);
    assertArrayEquals(new int[] {7}, truth.objects().classIds());
    assertArrayEquals(new float[] {8, 4, 24, 12}, truth.objects().boxes());
    assertEquals(4, truth.objects().maskHeight());
    assertEquals(2, truth.objects().maskWidth());
    assertArrayEquals(new byte[] {1, 0, 1, 0, 1, 1, 1, 1}, truth.objects().masks());
    assertArrayEquals(new double[] {8, 4, 24, 12}, truth.crowds());
    assertArrayEquals(
        new byte[] {0, 1, 0, 1, 1, 1, 1, 1},
        GroundTruthBuilder.flip(truth, SIDE).objects().masks());
  }

  @Test
  void wholeMasksAreAsLargeAsTheImage() {
    Config config = Config.defaults().with("USE_MINI_MASK", false);
    GroundTruthBuilder.Truth truth = build(config);
    assertEquals(SIDE, truth.objects().maskHeight());
    assertEquals(SIDE, truth.objects().maskWidth());
    assertArrayEquals(letter(), truth.objects().masks());

    GroundTruth mirrored = GroundTruthBuilder.flip(truth, SIDE).objects();
    assertArrayEquals(new float[] {8, 52, 24, 60}, mirrored.boxes());
    for (int i = 0; i < SIDE * SIDE; i++) {
      int across = i - i % SIDE + SIDE - 1 - i % SIDE;
      assertEquals(letter()[across], mirrored.masks()[i], "pixel " + i);
    }
  }
}
