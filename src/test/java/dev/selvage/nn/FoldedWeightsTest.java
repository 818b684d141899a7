package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.selvage.tensor.NoLeaks;
import dev.selvage.tensor.OpenScope;
import dev.selvage.tensor.Tensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith({NoLeaks.class, OpenScope.class})
class FoldedWeightsTest {
  /** What a fold would overwrite. */
  private static final float MARK = 12345f;

  private Parameters parameters;
  private FoldedWeights folded;

  @BeforeEach
  void makeWeights() {
    parameters = new Parameters(Specs.block(3));
    GradientCheck.randomize(parameters, 3);
    folded =
        new FoldedWeights(
            parameters,
            LayerWeights.of(parameters, "res"),
            BatchNormParameters.of(parameters, "bn"));
  }

  @AfterEach
  void freeWeights() {
    parameters.close();
  }

  @Test
  void theNormalizationIsFoldedIn() {
    folded.refresh();
    assertFolded();
  }

  @Test
  void aChangeOfAnyArrayIsFolded() {
    for (Parameter parameter : parameters.list()) {
      folded.refresh();
      Tensor kernel = folded.kernel();
      float[] values = parameter.download();
      values[0] += 0.25f;
      parameter.upload(values);
      folded.refresh();
      assertFolded();
      assertSame(kernel, folded.kernel(), "its memory is used again");
    }
  }

  @Test
  void withoutAChangeNothingIsFolded() {
    folded.refresh();
    folded.kernel().fill(MARK);
    folded.bias().fill(MARK);
    folded.refresh();
    parameters.setTrainable("all");
    parameters.get("res/kernel").download();
    folded.refresh();
    assertEquals(MARK, folded.kernel().download()[0]);
    assertEquals(MARK, folded.bias().download()[0]);
    parameters.get("bn/beta").changed();
    folded.refresh();
    assertFolded();
  }

  @Test
  void aStepOfTheOptimizerIsFolded() {
    folded.refresh();
    parameters.setTrainable("bn");
    Parameter gamma = parameters.get("bn/gamma");
    Tensor gradient = gamma.beginGradient();
    gradient.fill(1f);
    gamma.endGradient(gradient);
    Sgd.step(parameters, 0.1, 0.9, 0, 0);
    folded.refresh();
    assertFolded();
  }

  private void assertFolded() {
    float[] kernel = parameters.get("res/kernel").download();
    float[] bias = parameters.get("res/bias").download();
    float[] gamma = parameters.get("bn/gamma").download();
    float[] beta = parameters.get("bn/beta").download();
    float[] mean = parameters.get("bn/moving_mean").download();
    float[] variance = parameters.get("bn/moving_variance").download();
    float[] foldedKernel = folded.kernel().download();
    float[] foldedBias = folded.bias().download();
    for (int i = 0; i < kernel.length; i++) {
      int c = i % bias.length;
      double scale = gamma[c] / Math.sqrt(variance[c] + 1e-3);
      assertEquals(kernel[i] * scale, foldedKernel[i], 1e-5);
      assertEquals((bias[c] - mean[c]) * scale + beta[c], foldedBias[c], 1e-5);
    }
  }
}
