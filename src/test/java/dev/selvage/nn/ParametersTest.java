package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.tensor.NoLeaks;
import dev.selvage.tensor.OpenScope;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith({NoLeaks.class, OpenScope.class})
class ParametersTest {
  private Parameters parameters;

  @BeforeEach
  void makeParameters() {
    parameters = new Parameters(specs());
    GradientCheck.randomize(parameters, 4);
  }

  @AfterEach
  void freeParameters() {
    parameters.close();
  }

  /** A block and a head, among them arrays of 54, 2, 24 and 4 floats. */
  private static List<ParameterSpec> specs() {
    List<ParameterSpec> specs = new ArrayList<>(Specs.block(3));
    specs.addAll(Specs.weights("mrcnn_class", Kind.DENSE, 4, 6, 4));
    return specs;
  }

  @Test
  void theyComeInTheOrderOfTheirSpecs() {
    assertEquals(
        specs().stream().map(ParameterSpec::name).toList(),
        parameters.list().stream().map(Parameter::name).toList());
    assertEquals("mrcnn_class", parameters.get("mrcnn_class/bias").layer());
    assertTrue(parameters.contains("bn/beta"));
    assertFalse(parameters.contains("bn/kernel"));
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> parameters.get("bn/kernel"));
    assertEquals("the model has no parameter bn/kernel", thrown.getMessage());
  }

  @Test
  void twoOfOneNameAreRefused() {
    List<ParameterSpec> twice = new ArrayList<>(specs());
    twice.add(specs().get(0));
    long before = Tensor.live();
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> new Parameters(twice));
    assertEquals("two parameters are named res/kernel", thrown.getMessage());
    assertEquals(before, Tensor.live());
  }

  /** Every array is its own part of the arena and begins on a cache line of 16 floats. */
  @Test
  void theArenaHoldsThemOneAfterAnother() {
    long end = 0;
    float[] arena = parameters.values().download();
    for (Parameter parameter : parameters.list()) {
      assertEquals((end + 15) / 16 * 16, parameter.offset(), parameter.name());
      float[] values = parameter.download();
      for (int i = 0; i < values.length; i++) {
        assertEquals(values[i], arena[(int) parameter.offset() + i], parameter.name());
      }
      end = parameter.offset() + parameter.size();
      assertSame(parameters.values(), parameter.value().root());
    }
    assertEquals((end + 15) / 16 * 16, arena.length);
  }

  @Test
  void gradientsAndMomentaHaveTheArenasLayout() {
    parameters.setTrainable("all");
    for (Parameter parameter : parameters.trainable()) {
      parameter.completeGradient();
      parameter.gradient().fill(parameter.offset() + 1);
      parameter.momentum().fill(parameter.offset() + 2);
    }
    float[] gradients = parameters.gradients().download();
    float[] momenta = parameters.momenta().download();
    assertEquals(parameters.values().size(), gradients.length);
    for (Parameter parameter : parameters.trainable()) {
      int last = (int) (parameter.offset() + parameter.size() - 1);
      assertEquals(parameter.offset() + 1, gradients[last]);
      assertEquals(parameter.offset() + 2, momenta[last]);
    }
  }

  @Test
  void theChosenLayersLearnButNoStatistics() {
    parameters.setTrainable("all");
    assertEquals(
        List.of(
            "res/kernel",
            "res/bias",
            "bn/gamma",
            "bn/beta",
            "mrcnn_class/kernel",
            "mrcnn_class/bias"),
        trainable());
    parameters.setTrainable("heads");
    assertEquals(List.of("mrcnn_class/kernel", "mrcnn_class/bias"), trainable());
    assertFalse(parameters.get("res/kernel").trainable());
  }

  @Test
  void aChoiceOfNoLayerIsRefused() {
    UserError error = assertThrows(UserError.class, () -> parameters.setTrainable("nothing"));
    assertTrue(
        error.getMessage().endsWith("\"nothing\", which matches no layer"), error::getMessage);
  }

  @Test
  void momentaOfLayersThatLearnedBeforeStay() {
    fillFreeMemory(parameters.values().size());
    parameters.setTrainable("heads");
    Parameter bias = parameters.get("mrcnn_class/bias");
    assertArrayEquals(new float[4], bias.momentum().download());
    assertNull(parameters.get("res/bias").momentum());
    bias.momentum().fill(3f);
    parameters.setTrainable("res");
    parameters.setTrainable("all");
    assertArrayEquals(new float[] {3, 3, 3, 3}, bias.momentum().download());
    assertArrayEquals(new float[2], parameters.get("res/bias").momentum().download());
    parameters.resetMomenta();
    assertArrayEquals(new float[4], bias.momentum().download());
  }

  @Test
  void theFirstGradientIsWrittenAndLaterOnesAdded() {
    parameters.setTrainable("mrcnn_class");
    Parameter bias = parameters.get("mrcnn_class/bias");
    assertThrows(IllegalStateException.class, bias::gradient);
    write(bias, 1f);
    assertTrue(bias.hasGradient());
    write(bias, 10f);
    write(bias, 100f);
    assertArrayEquals(new float[] {111, 111, 111, 111}, bias.gradient().download());
    parameters.divideGradients(3);
    assertArrayEquals(new float[] {37, 37, 37, 37}, bias.gradient().download());
    parameters.clearGradients();
    assertFalse(bias.hasGradient());
    write(bias, 5f);
    assertArrayEquals(new float[] {5, 5, 5, 5}, bias.gradient().download());
  }

  @Test
  void aFrozenParameterTakesNoGradient() {
    parameters.setTrainable("mrcnn_class");
    Parameter frozen = parameters.get("res/bias");
    Tensor temporary = frozen.beginGradient();
    temporary.fill(1f);
    frozen.endGradient(temporary);
    assertFalse(frozen.hasGradient());
    assertThrows(IllegalStateException.class, frozen::gradient);
  }

  @Test
  void aNewChoiceForgetsTheGradients() {
    parameters.setTrainable("mrcnn_class");
    Parameter bias = parameters.get("mrcnn_class/bias");
    write(bias, 1f);
    parameters.setTrainable("all");
    assertFalse(bias.hasGradient());
  }

  @Test
  void aGradientThatNoRuleHasReachedIsZero() {
    parameters.setTrainable("mrcnn_class");
    Parameter bias = parameters.get("mrcnn_class/bias");
    write(bias, 1f);
    parameters.clearGradients();
    bias.completeGradient();
    assertArrayEquals(new float[4], bias.gradient().download());
  }

  @Test
  void everyChangeRaisesTheVersion() {
    Parameter bias = parameters.get("res/bias");
    long version = bias.version();
    bias.upload(new float[] {1, 2});
    assertTrue(bias.version() > version);
    try (Parameters other = new Parameters(specs())) {
      GradientCheck.randomize(other, 5);
      version = bias.version();
      parameters.copyFrom(other);
      assertTrue(bias.version() > version);
      assertArrayEquals(other.values().download(), parameters.values().download());
      assertNotSame(other.values(), parameters.values());
      version = bias.version();
      parameters.moveTowards(other, 0.5);
      assertTrue(bias.version() > version);
    }
  }

  @Test
  void movingTowardsAnotherIsAWeightedMean() {
    try (Parameters other = new Parameters(specs())) {
      other.copyFrom(parameters);
      parameters.get("bn/moving_mean").upload(new float[] {1, 5});
      other.get("bn/moving_mean").upload(new float[] {3, -3});
      float[] same = parameters.get("res/kernel").download();
      parameters.moveTowards(other, 0.25);
      assertArrayEquals(new float[] {1.5f, 3}, parameters.get("bn/moving_mean").download());
      assertArrayEquals(same, parameters.get("res/kernel").download());
    }
  }

  @Test
  void anotherModelsChoiceCanBeTakenOver() {
    try (Parameters other = new Parameters(specs())) {
      other.setTrainable("mrcnn_class");
      parameters.countTrainableOf(other);
    }
    assertEquals(List.of("mrcnn_class/kernel", "mrcnn_class/bias"), trainable());
  }

  private List<String> trainable() {
    return parameters.trainable().stream().map(Parameter::name).toList();
  }

  /** Makes it likely that a new arena is not zero by chance. */
  private static void fillFreeMemory(long size) {
    Scope.run(
        () -> {
          for (int i = 0; i < 10; i++) {
            Tensor.allocate(size).fill(9f);
          }
        });
  }

  /** As a backward rule does. */
  private static void write(Parameter parameter, float value) {
    Tensor gradient = parameter.beginGradient();
    gradient.fill(value);
    parameter.endGradient(gradient);
  }
}
