package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.GroundTruth;
import dev.selvage.nn.Parameters;
import org.junit.jupiter.api.Test;

class RandomRoisTest {
  private static final GroundTruth TWO =
      new GroundTruth(
          new int[] {1, 2}, new float[] {10, 20, 30, 30, 40, 0, 60, 64}, new byte[8], 2, 2);
  private static final GroundTruth NONE =
      new GroundTruth(new int[0], new float[0], new byte[0], 2, 2);

  @Test
  void nineInTenLieAroundTheObjectsAndTheRestAnywhere() {
    float[] regions = RandomRois.of(new GroundTruth[] {TWO, NONE}, 100, 64, 64, 7);
    assertEquals(2 * 100 * 4, regions.length);
    int outside = 0;
    for (int i = 0; i < 200; i++) {
      float y1 = 63 * regions[4 * i];
      float x1 = 63 * regions[4 * i + 1];
      float y2 = 63 * regions[4 * i + 2] + 1;
      float x2 = 63 * regions[4 * i + 3] + 1;
      assertTrue(y1 > -1e-3 && x1 > -1e-3 && y2 < 64.001 && x2 < 64.001);
      assertTrue(y2 - y1 > 0.99 && x2 - x1 > 0.99, "no region is empty");
      if (i < 45) {
        assertTrue(y2 < 50.001 && x1 > 9.999 && x2 < 40.001, "around the first object");
      } else if (i < 90) {
        assertTrue(y1 > 19.999, "around the second object");
      } else {
        outside += y1 < 19 && x2 > 41 ? 1 : 0;
      }
    }
    assertTrue(outside > 20, "anywhere: " + outside);
    assertArrayEquals(regions, RandomRois.of(new GroundTruth[] {TWO, NONE}, 100, 64, 64, 7), 0f);
  }

  @Test
  void theHeadsLearnFromThemInPlaceOfProposals() {
    Config config = SmallModel.config().with("USE_RPN_ROIS", false);
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = SmallModel.batch(5);
        Batch other = SmallModel.batch(6)) {
      parameters.setTrainable("all");
      MaskRcnn model = new MaskRcnn(config, parameters);
      Losses losses = model.step(batch, StepOptions.DEFAULTS);
      assertTrue(losses.mrcnnMask() > 0 && losses.rpnClass() > 0, losses.toString());
      assertEquals(losses, model.step(batch, StepOptions.DEFAULTS));
      assertNotEquals(losses.mrcnnMask(), model.step(other, StepOptions.DEFAULTS).mrcnnMask());
    }
  }
}
