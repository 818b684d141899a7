package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.config.Config;
import dev.selvage.model.cost.ReferenceFlops;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ResNetTest {
  private static final int SIDE = 64;

  private static Config config() {
    Config config = SmallModel.config().with("BACKBONE", "resnet50");
    return config;
  }

  /** C2..C5 of a random image. */
  private static float[][] stages(Parameters parameters, boolean strideIn1x1) {
    Config config = config().with("STRIDE_IN_1X1", strideIn1x1);
    float[] pixels = new float[SIDE * SIDE * 3];
    Random random = new Random(4);
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 64 * (float) random.nextGaussian();
    }
    return Scope.call(
        () -> {
          try (Tape tape = Tape.off()) {
            Tensor image = Tensor.of(pixels, 1, SIDE, SIDE, 3);
            Variable[] stages = new MaskRcnn(config, parameters).stages(tape, image);
            return Arrays.stream(stages).map(v -> v.value().download()).toArray(float[][]::new);
          }
        });
  }

  private static Parameters parameters() {
    Parameters parameters = SmallModel.parameters(config());
    for (Parameter p : parameters.list()) {
      if (p.layer().endsWith("branch2c") && p.part().equals("gamma")) {
        float[] ones = new float[(int) p.size()];
        Arrays.fill(ones, 1f);
        p.upload(ones); // a new model's blocks add nothing
      }
    }
    return parameters;
  }

  /** Where a 3x3 convolution sees one cell only, it does not matter which of the two strides. */
  @Test
  void theStrideIsThatOfTheChosenConvolution() {
    try (Parameters parameters = parameters()) {
      for (String block : new String[] {"3a", "4a", "5a"}) {
        Parameter kernel = parameters.get("res" + block + "_branch2b/kernel");
        float[] values = kernel.download();
        int tap = values.length / 9;
        Arrays.fill(values, 0, 4 * tap, 0f);
        Arrays.fill(values, 5 * tap, 9 * tap, 0f);
        kernel.upload(values);
      }
      float[][] first = stages(parameters, true);
      float[][] second = stages(parameters, false);
      for (int i = 0; i < first.length; i++) {
        assertArrayEquals(first[i], second[i], 1e-3f * max(first[i]), "C" + (i + 2));
      }
    }
  }

  @Test
  void theTwoPlacesOfTheStrideComputeDifferentMapsOfTheSameSize() {
    try (Parameters parameters = parameters()) {
      float[][] first = stages(parameters, true);
      float[][] second = stages(parameters, false);
      assertArrayEquals(first[0], second[0], "C2 has no stride");
      for (int i = 1; i < first.length; i++) {
        assertEquals(first[i].length, second[i].length);
        float most = 0;
        for (int k = 0; k < first[i].length; k++) {
          most = Math.max(most, Math.abs(first[i][k] - second[i][k]));
        }
        assertTrue(most > 0.01 * max(first[i]), "C" + (i + 2) + " differs by " + most + " only");
      }
    }
  }

  @Test
  void theWorkOfALaterStrideIsCountedAtTheLargerMap() {
    Config early = config().with("BACKBONE_WIDTH", 64);
    Config late = early.with("STRIDE_IN_1X1", false);
    double more =
        new ReferenceFlops(late, 64, 64).detection(1)
            - new ReferenceFlops(early, 64, 64).detection(1);
    // The 1x1 convolutions of 3a, 4a and 5a at 16x16, 8x8 and 4x4 cells rather than a quarter.
    double expected = 2.0 * 3 / 4 * (256 * 256 * 128 + 64 * 512 * 256 + 16 * 1024 * 512);
    assertEquals(expected, more, 1);
  }

  private static float max(float[] values) {
    float max = 0;
    for (float v : values) {
      max = Math.max(max, Math.abs(v));
    }
    return max;
  }
}
