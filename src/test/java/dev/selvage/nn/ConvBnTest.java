package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.PlainLayers.Map;
import dev.selvage.tensor.NoLeaks;
import dev.selvage.tensor.OpenScope;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith({NoLeaks.class, OpenScope.class})
class ConvBnTest {
  private static final double EPSILON = 1e-3; // Keras'
  private static final long[] X = {2, 4, 5, 3};

  /** In the order of the parameters. */
  private static final int GAMMA = 2;

  private static final int BETA = 3;
  private static final int MEAN = 4;
  private static final int VARIANCE = 5;

  private Parameters parameters;

  @BeforeEach
  void makeParameters() {
    parameters = new Parameters(Specs.block(3));
    GradientCheck.randomize(parameters, 2);
  }

  @AfterEach
  void freeParameters() {
    parameters.close();
  }

  @ParameterizedTest(name = "TRAIN_BN {0}, layers {1}, residual {2}, relu {3}")
  @CsvSource({
    "false, all, true, true",
    "false, all, false, true",
    "false, all, true, false",
    "false, bn, true, true",
    "false, res, true, true",
    "false, none, true, true",
    "true, all, true, true",
    "true, all, false, true",
    "true, all, true, false",
    "true, all, false, false",
    "true, bn, true, true",
    "true, res, true, true",
    "true, none, true, true",
    "null, all, true, true",
    "null, bn, false, true",
    "null, res, true, true", // its batch normalization is frozen
    "null, none, true, true",
  })
  void learns(String trainBn, String layers, boolean residual, boolean relu) {
    if (!layers.equals("none")) {
      parameters.setTrainable(layers);
    }
    ConvBn block = block(1, relu, trainBn);
    boolean batch =
        trainBn.equals("true")
            || trainBn.equals("null") && (layers.equals("all") || layers.equals("bn"));
    long[][] shapes = residual ? new long[][] {X, {2, 4, 5, 2}} : new long[][] {X};
    new GradientCheck(parameters, shapes)
        .run(
            (tape, in) -> block.forward(tape, in[0], residual ? in[1] : null),
            (in, p) -> plain(in[0], residual ? in[1] : null, p, 1, relu, batch));
  }

  @ParameterizedTest(name = "TRAIN_BN {0}, constant input {1}")
  @CsvSource({"false, 0", "false, 1", "true, 0", "true, 1"})
  void aConstantInputGetsNoGradient(String trainBn, int constant) {
    parameters.setTrainable("all");
    ConvBn block = block(2, true, trainBn);
    new GradientCheck(parameters, X, new long[] {2, 2, 3, 2})
        .constant(constant)
        .run(
            (tape, in) -> block.forward(tape, in[0], in[1]),
            (in, p) -> plain(in[0], in[1], p, 2, true, trainBn.equals("true")));
  }

  @ParameterizedTest
  @CsvSource({"true, all, true", "null, all, true", "true, res, false", "false, all, false"})
  void movingAveragesFollowWhereBatchNormalizationLearns(
      String trainBn, String layers, boolean follow) {
    parameters.setTrainable(layers);
    float[] mean = parameters.get("bn/moving_mean").download();
    float[] variance = parameters.get("bn/moving_variance").download();
    long version = parameters.get("bn/moving_mean").version();
    long[] shape = {1, 1, 2, 3}; // few samples, where the unbiased estimate differs most
    Tensor x = input(shape);
    double[][] p = values();
    Map z = PlainLayers.conv(Map.of(shape, doubles(x)), p[0], p[1], 3, 1, 1);
    try (Tape tape = Tape.recording()) {
      block(1, true, trainBn).forward(tape, tape.constant(x), null);
    }
    if (follow) {
      double correction = 2 / (2 - (1 + EPSILON)); // Keras' unbiased estimate
      for (int c = 0; c < 2; c++) {
        mean[c] = (float) (0.99 * mean[c] + 0.01 * PlainLayers.mean(z)[c]);
        variance[c] = (float) (0.99 * variance[c] + 0.01 * correction * PlainLayers.variance(z)[c]);
      }
    }
    assertArrayEquals(mean, parameters.get("bn/moving_mean").download(), follow ? 1e-6f : 0);
    assertArrayEquals(
        variance, parameters.get("bn/moving_variance").download(), follow ? 1e-6f : 0);
    assertEquals(follow, parameters.get("bn/moving_mean").version() > version);
  }

  /** Also after the averages have moved. */
  @Test
  void inferenceUsesTheMovingAverages() {
    parameters.setTrainable("all");
    ConvBn block = block(1, true, "true");
    Tensor x = input(X);
    try (Tape training = Tape.recording();
        Tape off = Tape.off()) {
      block.forward(off, off.constant(x), null);
      block.forward(training, training.constant(x), null);
      float[] before = parameters.get("bn/moving_mean").download();
      Variable y = block.forward(off, off.constant(x), null);
      assertFalse(y.requiresGrad());
      double[] expected = plain(doubles(x), null, values(), 1, true, false);
      float[] found = y.value().download();
      for (int i = 0; i < found.length; i++) {
        assertEquals(expected[i], found[i], 1e-4);
      }
      assertArrayEquals(before, parameters.get("bn/moving_mean").download());
    }
  }

  /** The input of the batch normalization, its statistics and the output; not what lies between. */
  @Test
  void onlyWhatTheRuleNeedsIsKept() {
    try (Tape tape = Tape.recording()) {
      Variable x = tape.input(input(X));
      long before = Tensor.live();
      block(1, true, "true").forward(tape, x, null);
      assertEquals(before + 4, Tensor.live());
    }
  }

  /** A batch without regions has no statistics. */
  @Test
  void anEmptyBatchLeavesTheMovingAveragesAlone() {
    parameters.setTrainable("all");
    float[] mean = parameters.get("bn/moving_mean").download();
    try (Tape tape = Tape.recording()) {
      Variable x = tape.input(Tensor.allocate(0, 4, 5, 3));
      Variable y = block(1, true, "true").forward(tape, x, null);
      assertArrayEquals(new long[] {0, 4, 5, 2}, y.value().shape());
      y.addGradient(Tensor.allocate(0, 4, 5, 2));
      tape.backward();
      for (Parameter parameter : parameters.trainable()) {
        assertEquals(0, Ops.sumSquares(parameter.gradient()), parameter.name());
      }
    }
    assertArrayEquals(mean, parameters.get("bn/moving_mean").download());
  }

  private ConvBn block(int stride, boolean relu, String trainBn) {
    Boolean value = trainBn.equals("null") ? null : Boolean.valueOf(trainBn);
    return new ConvBn(parameters, "res", "bn", stride, 1, relu, value);
  }

  private static double[] plain(
      double[] x, double[] residual, double[][] p, int stride, boolean relu, boolean batch) {
    Map z = PlainLayers.conv(Map.of(X, x), p[0], p[1], 3, stride, 1);
    double[] mean = batch ? PlainLayers.mean(z) : p[MEAN];
    double[] variance = batch ? PlainLayers.variance(z) : p[VARIANCE];
    Map y = PlainLayers.normalize(z, p[GAMMA], p[BETA], mean, variance, EPSILON);
    Map sum = residual == null ? y : y.plus(residual);
    return (relu ? sum.relu() : sum).values();
  }

  private double[][] values() {
    return parameters.list().stream().map(p -> doubles(p.value())).toArray(double[][]::new);
  }

  private static Tensor input(long... shape) {
    float[] values = new float[(int) Tensor.count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    return Tensor.of(values, shape);
  }

  private static double[] doubles(Tensor tensor) {
    return GradientCheck.doubles(tensor.download());
  }
}
