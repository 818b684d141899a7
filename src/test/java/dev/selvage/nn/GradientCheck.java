package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;

/**
 * Compares a layer's output with the same layer in plain double precision, and its gradients with
 * finite differences of the latter. The loss is the sum of the outputs, each times a random number.
 */
final class GradientCheck {
  /** Of a value, relative to the largest of its array. */
  private static final double TOLERANCE = 1e-5;

  private static final double STEP = 1e-5;

  /** The layer under test. */
  @FunctionalInterface
  interface Layer {
    Variable forward(Tape tape, Variable[] inputs);
  }

  /** The same layer in double precision. */
  @FunctionalInterface
  interface Plain {
    /**
     * @param parameters in the order of {@link Parameters#list}
     */
    double[] forward(double[][] inputs, double[][] parameters);
  }

  private final Parameters parameters;
  private final long[][] inputShapes;
  private final boolean[] wanted;

  /** A check where every input wants a gradient. */
  GradientCheck(Parameters parameters, long[]... inputShapes) {
    this.parameters = parameters;
    this.inputShapes = inputShapes;
    this.wanted = new boolean[inputShapes.length];
    Arrays.fill(wanted, true);
  }

  /** Makes an input a constant, which must not get a gradient. */
  GradientCheck constant(int input) {
    wanted[input] = false;
    return this;
  }

  /** Gives every parameter random values; variances are positive. */
  static void randomize(Parameters parameters, long seed) {
    Random random = new Random(seed);
    for (Parameter parameter : parameters.list()) {
      float[] values = gaussian(random, parameter.shape());
      if (parameter.part().equals("moving_variance")) {
        for (int i = 0; i < values.length; i++) {
          values[i] = 0.5f + Math.abs(values[i]);
        }
      }
      parameter.upload(values);
    }
  }

  /** Runs the layer forward and backward and checks everything. */
  void run(Layer layer, Plain plain) {
    Random random = new Random(17);
    double[][] inputs = new double[inputShapes.length][];
    double[][] weights = new double[parameters.list().size()][];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = doubles(parameters.list().get(i).download());
    }
    parameters.clearGradients();
    try (Scope scope = Scope.open();
        Tape tape = Tape.recording()) {
      Variable[] variables = new Variable[inputs.length];
      for (int i = 0; i < inputs.length; i++) {
        float[] values = gaussian(random, inputShapes[i]);
        inputs[i] = doubles(values);
        Tensor tensor = scope.adopt(Tensor.of(values, inputShapes[i]));
        variables[i] = wanted[i] ? tape.input(tensor) : tape.constant(tensor);
      }
      Variable y = layer.forward(tape, variables);
      assertClose("output", plain.forward(inputs, weights), y.value());
      float[] dy = gaussian(random, y.value().shape());
      y.addGradient(Tensor.of(dy, y.value().shape()));
      tape.backward();
      DoubleSupplier loss = () -> dot(plain.forward(inputs, weights), dy);
      for (int i = 0; i < inputs.length; i++) {
        if (wanted[i]) {
          assertClose("input " + i, differences(loss, inputs[i]), variables[i].gradient());
        } else {
          assertNull(variables[i].gradient(), "input " + i);
        }
      }
      for (int i = 0; i < weights.length; i++) {
        Parameter parameter = parameters.list().get(i);
        assertEquals(parameter.trainable(), parameter.hasGradient(), parameter.name());
        if (parameter.trainable()) {
          assertClose(parameter.name(), differences(loss, weights[i]), parameter.gradient());
        }
      }
    }
  }

  /** The derivative of the loss by each of the values. */
  private static double[] differences(DoubleSupplier loss, double[] values) {
    double[] gradient = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      values[i] = value + STEP;
      double above = loss.getAsDouble();
      values[i] = value - STEP;
      double below = loss.getAsDouble();
      values[i] = value;
      gradient[i] = (above - below) / (2 * STEP);
    }
    return gradient;
  }

  private static void assertClose(String what, double[] expected, Tensor found) {
    float[] values = found.download();
    assertEquals(expected.length, values.length, what);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < values.length; i++) {
      assertEquals(expected[i], values[i], TOLERANCE * Math.max(1, largest), what + " at " + i);
    }
  }

  private static double dot(double[] y, float[] dy) {
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += y[i] * dy[i];
    }
    return sum;
  }

  private static float[] gaussian(Random random, long[] shape) {
    float[] values = new float[(int) Tensor.count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
