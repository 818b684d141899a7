package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.GroundTruth;
import dev.selvage.data.loader.RpnTargets;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RPN_ANCHOR_STRIDE: the network looks at every so many cells, as a strided convolution would. */
class RpnTest {
  @ParameterizedTest(name = "a map of {0}x{1}, stride {2}")
  @CsvSource({"4,6,1", "4,6,2", "5,7,2", "1,1,2", "7,8,3", "5,4,4", "3,10,5"})
  void looksThroughTheWindowsOfSamePadding(int height, int width, int stride) {
    Config config = SmallModel.config().with("RPN_CHANNELS", 3).with("TOP_DOWN_PYRAMID_SIZE", 2);
    try (Parameters parameters = SmallModel.parameters(config)) {
      Random random = new Random(11);
      float[] shared = fill(parameters.get("rpn_conv_shared/kernel"), random);
      float[] sharedBias = fill(parameters.get("rpn_conv_shared/bias"), random);
      float[] raw = fill(parameters.get("rpn_class_raw/kernel"), random);
      float[] map = values(2 * height * width * 2, random);
      float[] logits =
          Scope.call(
              () -> {
                try (Tape tape = Tape.off()) {
                  Variable p = tape.constant(Tensor.of(map, 2, height, width, 2));
                  return new Rpn(parameters, 3, stride)
                      .forward(new Variable[] {p})
                      .logits()
                      .download();
                }
              });
      int rows = (height + stride - 1) / stride;
      int columns = (width + stride - 1) / stride;
      float[] expected = new float[2 * rows * columns * 6];
      for (int cell = 0; cell < 2 * rows * columns; cell++) {
        int n = cell / (rows * columns);
        int top = cell / columns % rows * stride - before(height, stride);
        int left = cell % columns * stride - before(width, stride);
        for (int c = 0; c < 3; c++) {
          double sum = sharedBias[c];
          for (int tap = 0; tap < 9; tap++) {
            int y = top + tap / 3;
            int x = left + tap % 3;
            for (int k = 0; k < 2 && y >= 0 && x >= 0 && y < height && x < width; k++) {
              sum += map[((n * height + y) * width + x) * 2 + k] * shared[(tap * 2 + k) * 3 + c];
            }
          }
          for (int o = 0; o < 6; o++) {
            expected[cell * 6 + o] += (float) (Math.max(sum, 0) * raw[c * 6 + o]);
          }
        }
      }
      assertArrayEquals(expected, logits, 1e-5f);
    }
  }

  /** Zeros before a map by TensorFlow's "same" padding of a 3-wide window. */
  private static int before(int size, int stride) {
    int out = (size + stride - 1) / stride;
    return Math.max((out - 1) * stride + 3 - size, 0) / 2;
  }

  /** Along a parameter's gradient the loss rises by the gradient's square. */
  @ParameterizedTest
  @ValueSource(strings = {"rpn_conv_shared/kernel", "rpn_conv_shared/bias", "fpn_p3/kernel"})
  void gradientsOfStridedCellsAreThoseOfTheLoss(String name) {
    Config config =
        SmallModel.config()
            .with("RPN_ANCHOR_STRIDE", 2)
            .with("LOSS_WEIGHTS", List.of(1f, 1f, 0f, 0f, 0f))
            .with("WEIGHT_DECAY", 0f);
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = strided()) {
      fill(parameters.get("rpn_class_raw/kernel"), new Random(2));
      fill(parameters.get("rpn_bbox_pred/kernel"), new Random(3));
      parameters.setTrainable("all");
      MaskRcnn model = new MaskRcnn(config, parameters);
      model.step(batch, StepOptions.DEFAULTS);
      Parameter parameter = parameters.get(name);
      float[] at = parameter.value().download();
      float[] gradient = parameter.gradient().download();
      double square = 0;
      for (float g : gradient) {
        square += (double) g * g;
      }
      assertTrue(square > 0);
      double step = 2e-3 / Math.sqrt(square);
      double rise =
          lossAt(model, batch, parameter, at, gradient, step)
              - lossAt(model, batch, parameter, at, gradient, -step);
      assertEquals(1, rise / (2 * step * square), 0.02);
    }
  }

  @Test
  void detectsWithStridedAnchors() {
    Config config = SmallModel.config().with("RPN_ANCHOR_STRIDE", 2);
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = SmallModel.batch(1)) {
      parameters.get("mrcnn_class_logits/bias").upload(new float[] {-5, 1, 0, 0});
      assertTrue(
          new MaskRcnn(config, parameters)
                  .detect(batch.rgb(), 2, 64, 64, new int[][] {{0, 0, 64, 64}, {0, 0, 64, 64}})
                  .get(1)
                  .size()
              > 0);
    }
  }

  private static double lossAt(
      MaskRcnn model, Batch batch, Parameter parameter, float[] at, float[] along, double step) {
    float[] moved = at.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] += (float) (step * along[i]);
    }
    parameter.upload(moved);
    double loss = model.losses(batch, StepOptions.DEFAULTS).total();
    parameter.upload(at);
    return loss;
  }

  /** Anchors of a 64-pixel image with stride 2: 8x8, 4x4, 2x2, 1 and 1 cells of 3. */
  private static Batch strided() {
    byte[] rgb = new byte[2 * 64 * 64 * 3];
    new Random(5).nextBytes(rgb);
    BytePointer pointer = new BytePointer(rgb.length);
    pointer.put(rgb);
    RpnTargets targets =
        new RpnTargets(
            new int[] {100, 215, 250},
            new int[] {3, 60, 200, 230, 244, 255},
            new float[] {0.1f, -0.2f, 0.3f, 0.4f, 0, 0.5f, -0.1f, 0.2f, 1, 0.2f, -2, 0.3f});
    GroundTruth none = new GroundTruth(new int[0], new float[0], new byte[0], 56, 56);
    return new Batch(
        new int[] {0, 1},
        new String[] {"a.jpg", "b.jpg"},
        pointer,
        64,
        64,
        new GroundTruth[] {none, none},
        new RpnTargets[] {targets, targets},
        1);
  }

  private static float[] fill(Parameter parameter, Random random) {
    float[] values = values((int) parameter.size(), random);
    parameter.upload(values);
    return values;
  }

  private static float[] values(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 0.3f * (float) random.nextGaussian();
    }
    return values;
  }
}
