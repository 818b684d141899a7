package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.TapeListener;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.NoLeaks;
import dev.selvage.tensor.OpenScope;
import dev.selvage.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
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
    folded = foldedOf("res", "bn");
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

  @Test
  void thoseOfALayerThatLearnsLieWhereItsGradientsWill() {
    parameters.setTrainable("all");
    folded.refresh();
    assertFolded();
    Tensor kernel = folded.kernel();
    folded.beginGradients();
    assertSame(kernel, folded.kernelGradient());
    kernel.fill(MARK);
    parameters.clearGradients();
    folded.refresh();
    assertSame(kernel, folded.kernel());
    assertFolded();
    parameters.get("res/kernel").beginGradient(); // another use of the same memory, which fails
    kernel.fill(MARK);
    parameters.clearGradients();
    folded.refresh();
    assertFolded();
  }

  @Test
  void averagesThatCountAsTrainableHaveNoGradientsToLieWith() {
    try (Parameters others = new Parameters(Specs.block(3))) {
      others.setTrainable("all");
      parameters.countTrainableOf(others);
    }
    folded.refresh();
    assertFolded();
  }

  @Test
  void gradientsThatAreNotUsedYetStay() {
    parameters.setTrainable("all");
    float[][] gradients = gradients(null);
    folded.refresh();
    assertFolded();
    for (int i = 0; i < gradients.length; i++) {
      assertArrayEquals(gradients[i], parameters.trainable().get(i).gradient().download());
    }
  }

  private FoldedWeights foldedOf(String conv, String batchNorm) {
    return parameters
        .folds()
        .of(LayerWeights.of(parameters, conv), BatchNormParameters.of(parameters, batchNorm), 1, 1);
  }

  @Test
  void modelsOverTheSameParametersShareTheFoldedWeights() {
    assertSame(folded, foldedOf("res", "bn"));
  }

  @Test
  void gradientsBecomeThoseOfTheWeightsWhenTheBackwardPassEnds() {
    parameters.setTrainable("all");
    float[][] expected = gradients(null);
    List<Boolean> during = new ArrayList<>();
    parameters.clearGradients();
    parameters.onGradient(() -> during.add(parameters.get("bn/beta").hasGradient()));
    float[][] awaited = gradients(null);
    assertEquals(List.of(false, false, false, true), during, "each of the four, at once");
    parameters.onGradient(null);
    parameters.clearGradients();
    float[][] listenedTo = gradients(new Silent());
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], awaited[i]);
      assertArrayEquals(expected[i], listenedTo[i]);
    }
  }

  @Test
  void aPassThatIsBrokenOffLeavesNoGradientBehind() {
    parameters.setTrainable("all");
    float[][] expected = gradients(null);
    parameters.clearGradients();
    try (Tape tape = Tape.recording()) {
      folded.beginGradients();
      folded.endGradients(tape);
    }
    parameters.clearGradients();
    assertArrayEquals(expected[0], gradients(null)[0]);
  }

  @Test
  void aSecondGradientIsRefused() {
    parameters.setTrainable("all");
    gradients(null);
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> gradients(null));
    assertEquals("res/kernel gets a second gradient", refused.getMessage());
    parameters.clearGradients();
    try (Tape tape = Tape.recording()) {
      folded.beginGradients();
      folded.endGradients(tape);
      assertThrows(IllegalStateException.class, folded::beginGradients);
    }
  }

  /** The gradients of all that learn, by a pass over the layer. */
  private float[][] gradients(TapeListener listener) {
    ConvBn layer = new ConvBn(parameters, "res", "bn", 1, 1, true, false);
    try (Tape tape = Tape.withListener(true, listener)) {
      Tensor x = Tensor.allocate(1, 4, 5, parameters.get("res/kernel").shape()[2]);
      x.fill(0.5f);
      Variable y = layer.forward(tape, tape.constant(x), null);
      Tensor dy = Tensor.allocate(y.value().shape());
      dy.fill(0.25f);
      y.addGradient(dy);
      tape.backward();
      return parameters.trainable().stream()
          .map(parameter -> parameter.gradient().download())
          .toArray(float[][]::new);
    }
  }

  private static final class Silent implements TapeListener {
    @Override
    public void value(String op, String layer, Tensor value) {}

    @Override
    public void gradient(String op, String layer, Tensor gradient) {}

    @Override
    public void passed(String op, String layer) {}
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
