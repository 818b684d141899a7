package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.selvage.tensor.NoLeaks;
import dev.selvage.tensor.OpenScope;
import dev.selvage.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The optimizer against Keras' formula in plain double precision. */
@ExtendWith({NoLeaks.class, OpenScope.class})
class SgdTest {
  private static final double LR = 0.05;
  private static final double MOMENTUM = 0.9;

  private Parameters parameters;

  @BeforeEach
  void makeParameters() {
    List<ParameterSpec> specs = new ArrayList<>(Specs.block(3));
    specs.addAll(Specs.weights("head", ParameterSpec.Kind.DENSE, 4, 6, 4));
    parameters = new Parameters(specs);
    GradientCheck.randomize(parameters, 6);
  }

  @AfterEach
  void freeParameters() {
    parameters.close();
  }

  @ParameterizedTest(name = "weight decay {0}, clip norm {1}")
  @CsvSource({"0, 0", "0.5, 0", "0, 3", "0.5, 3", "0.5, 1000"})
  void stepsAreKeras(double decay, double clipNorm) {
    parameters.setTrainable("res|bn");
    List<Parameter> trainable = parameters.trainable();
    double[][] p = new double[trainable.size()][];
    double[][] m = new double[trainable.size()][];
    for (int i = 0; i < p.length; i++) {
      p[i] = GradientCheck.doubles(trainable.get(i).download());
      m[i] = new double[p[i].length];
    }
    Random random = new Random(8);
    for (int step = 0; step < 4; step++) {
      double[][] g = new double[p.length][];
      for (int i = 0; i < p.length; i++) {
        float[] gradient = new float[p[i].length];
        for (int k = 0; k < gradient.length; k++) {
          gradient[k] = (float) random.nextGaussian();
        }
        write(trainable.get(i), gradient);
        g[i] = GradientCheck.doubles(gradient);
      }
      double norm = Sgd.step(parameters, LR, MOMENTUM, clipNorm, decay);
      assertEquals(keras(p, m, g, decay, clipNorm), norm, 1e-4);
      for (int i = 0; i < p.length; i++) {
        assertClose(p[i], trainable.get(i).value());
        assertClose(m[i], trainable.get(i).momentum());
        assertFalse(trainable.get(i).hasGradient(), "the gradient is used up");
      }
    }
  }

  /** The decay's loss is decay times the mean square of each kernel and bias, not of gamma. */
  private double keras(double[][] p, double[][] m, double[][] g, double decay, double clipNorm) {
    double squares = 0;
    for (int i = 0; i < p.length; i++) {
      String part = parameters.trainable().get(i).part();
      boolean decays = part.equals("kernel") || part.equals("bias");
      for (int k = 0; k < p[i].length; k++) {
        g[i][k] += decays ? 2 * decay / p[i].length * p[i][k] : 0;
        squares += g[i][k] * g[i][k];
      }
    }
    double norm = Math.sqrt(squares);
    double factor = clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
    for (int i = 0; i < p.length; i++) {
      for (int k = 0; k < p[i].length; k++) {
        m[i][k] = MOMENTUM * m[i][k] - LR * factor * g[i][k];
        p[i][k] += m[i][k];
      }
    }
    return norm;
  }

  @Test
  void whatIsFrozenIsNotTouched() {
    parameters.setTrainable("all");
    parameters.get("head/kernel").momentum().fill(7f);
    parameters.setTrainable("bn");
    float[] kernel = parameters.get("head/kernel").download();
    float[] mean = parameters.get("bn/moving_mean").download();
    float[] gamma = parameters.get("bn/gamma").download();
    long version = parameters.get("head/kernel").version();
    write(parameters.get("bn/gamma"), new float[] {1, 2});
    Sgd.step(parameters, 0.5, MOMENTUM, 0, 0.1);
    assertArrayEquals(kernel, parameters.get("head/kernel").download());
    assertArrayEquals(mean, parameters.get("bn/moving_mean").download());
    assertEquals(7f, parameters.get("head/kernel").momentum().download()[0]);
    assertEquals(version, parameters.get("head/kernel").version());
    assertArrayEquals(
        new float[] {gamma[0] - 0.5f, gamma[1] - 1f}, parameters.get("bn/gamma").download(), 1e-6f);
  }

  @Test
  void aParameterThatNoRuleHasReachedMovesByItsMomentumOnly() {
    parameters.setTrainable("head");
    Parameter bias = parameters.get("head/bias");
    float[] before = bias.download();
    bias.momentum().fill(2f);
    double norm = Sgd.step(parameters, LR, 0.5, 0, 0);
    assertEquals(0, norm);
    for (int i = 0; i < before.length; i++) {
      assertEquals(before[i] + 1f, bias.download()[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void aGradientThatIsNotFiniteChangesNothing(float bad) {
    parameters.setTrainable("all");
    write(parameters.get("bn/beta"), new float[] {1, bad});
    float[] values = parameters.values().download();
    float[] momenta = parameters.momenta().download();
    long version = parameters.get("bn/beta").version();
    assertFalse(Double.isFinite(Sgd.step(parameters, LR, MOMENTUM, 5, 0.1)));
    assertArrayEquals(values, parameters.values().download());
    assertArrayEquals(momenta, parameters.momenta().download());
    assertEquals(version, parameters.get("bn/beta").version());
  }

  @Test
  void thePenaltyIsTheMeanSquareOfWhatDecays() {
    parameters.setTrainable("head|bn");
    Tensor penalty = Tensor.zeros(1);
    Sgd.penalty(penalty, parameters, 0.3);
    double expected = 0;
    for (String name : List.of("head/kernel", "head/bias")) {
      double squares = 0;
      float[] values = parameters.get(name).download();
      for (float value : values) {
        squares += value * value;
      }
      expected += 0.3 * squares / values.length;
    }
    assertEquals(expected, penalty.download()[0], 1e-6);
  }

  @Test
  void thePenaltysGradientIsAddedToTheOthers() {
    parameters.setTrainable("head");
    Parameter bias = parameters.get("head/bias");
    float[] values = bias.download();
    write(bias, new float[] {1, 2, 3, 4});
    Tensor squares = Tensor.allocate(2);
    Sgd.addPenaltyGradient(squares, parameters, 0.6);
    float[] gradient = bias.gradient().download();
    for (int i = 0; i < 4; i++) {
      assertEquals(1 + i + 2 * 0.6 / 4 * values[i], gradient[i], 1e-6);
    }
    double sum = 0;
    for (Parameter parameter : parameters.trainable()) {
      for (float g : parameter.gradient().download()) {
        sum += (double) g * g;
      }
    }
    assertEquals(Math.sqrt(sum), Sgd.norm(squares.download(), 0), 1e-12);
  }

  private static void write(Parameter parameter, float[] gradient) {
    Tensor target = parameter.beginGradient();
    target.upload(gradient);
    parameter.endGradient(target);
  }

  private static void assertClose(double[] expected, Tensor found) {
    float[] values = found.download();
    for (int i = 0; i < values.length; i++) {
      assertEquals(expected[i], values[i], 1e-5);
    }
  }
}
