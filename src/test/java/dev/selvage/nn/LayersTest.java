package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.nn.PlainLayers.Map;
import dev.selvage.tensor.DType;
import dev.selvage.tensor.NoLeaks;
import dev.selvage.tensor.OpenScope;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import dev.selvage.util.Needs;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Outputs and gradients of {@link Conv}, {@link Dense} and {@link Functions}. */
@ExtendWith({NoLeaks.class, OpenScope.class})
class LayersTest {
  private static final long[] X = {2, 5, 4, 3};

  @ParameterizedTest(name = "{0}x{0}, stride {1}, pad {2}, relu {3}")
  @CsvSource({"1,1,0,false", "1,2,0,true", "3,1,1,true", "3,1,1,false", "3,2,1,true", "3,1,0,true"})
  void convLearns(int side, int stride, int pad, boolean relu) {
    try (Parameters parameters = conv(side)) {
      Conv layer = new Conv(parameters, "conv", stride, pad, relu);
      new GradientCheck(parameters, X)
          .run((tape, in) -> layer.forward(tape, in[0]), plainConv(side, stride, pad, relu));
    }
  }

  @Test
  void convOfAConstantLearnsTheSame() {
    try (Parameters parameters = conv(3)) {
      Conv layer = new Conv(parameters, "conv", 1, 1, true);
      new GradientCheck(parameters, X)
          .constant(0)
          .run((tape, in) -> layer.forward(tape, in[0]), plainConv(3, 1, 1, true));
    }
  }

  @Test
  void aFrozenConvPassesTheGradientOn() {
    try (Parameters parameters = new Parameters(Specs.weights("conv", Kind.CONV, 2, 3, 3, 3, 2))) {
      GradientCheck.randomize(parameters, 1);
      Conv layer = new Conv(parameters, "conv", 1, 1, true);
      new GradientCheck(parameters, X)
          .run((tape, in) -> layer.forward(tape, in[0]), plainConv(3, 1, 1, true));
    }
  }

  @Test
  void convIntoAGivenTensorComputesTheSame() {
    try (Parameters parameters = conv(3);
        Tape tape = Tape.off()) {
      Conv layer = new Conv(parameters, "conv", 2, 1, true);
      Tensor x = ramp(X);
      Tensor expected = layer.forward(tape, tape.constant(x)).value();
      Tensor y = Tensor.allocate(expected.shape());
      layer.forwardInto(y, x, layer.kernel(x.type()));
      assertArrayEquals(expected.download(), y.download());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void denseLearns(boolean wanted) {
    try (Parameters parameters =
        learning(new Parameters(Specs.weights("dense", Kind.DENSE, 4, 6, 4)))) {
      Dense layer = new Dense(parameters, "dense");
      GradientCheck check = new GradientCheck(parameters, new long[] {3, 1, 2, 3});
      (wanted ? check : check.constant(0))
          .run(
              (tape, in) -> layer.forward(tape, in[0]),
              (in, p) -> PlainLayers.dense(in[0], p[0], p[1]));
    }
  }

  /** Its outputs are losses' inputs, where eight bits are too few. */
  @Test
  void denseGivesFloatsAndAGradientOfItsInputsType() {
    Needs.bf16("a dense layer");
    try (Parameters parameters =
            learning(new Parameters(Specs.weights("dense", Kind.DENSE, 4, 6, 4)));
        Tape tape = Tape.recording()) {
      Variable x = tape.input(Ops.cast(ramp(3, 6), DType.BF16));
      Variable y = new Dense(parameters, "dense").forward(tape, x);
      assertEquals(DType.F32, y.value().type());
      y.addGradient(ramp(3, 4));
      tape.backward();
      assertEquals(DType.BF16, x.gradient().type());
      assertEquals(DType.F32, parameters.get("dense/kernel").gradient().type());
    }
  }

  @ParameterizedTest(name = "{0}x{1}")
  @CsvSource({"4,6", "5,3", "1,2"})
  void maxPoolPassesTheGradientToTheLargest(int height, int width) {
    long[] shape = {2, height, width, 3};
    withoutParameters(
        new long[][] {shape},
        (tape, in) -> Functions.maxPool(tape, in[0]),
        (in, p) -> PlainLayers.maxPool(Map.of(shape, in[0])).values());
  }

  @ParameterizedTest(name = "{0}x{1}")
  @CsvSource({"4,6", "5,3", "1,2"})
  void subsamplePassesTheGradientToWhatItTook(int height, int width) {
    long[] shape = {2, height, width, 3};
    withoutParameters(
        new long[][] {shape},
        (tape, in) -> Functions.subsample(tape, in[0]),
        (in, p) -> PlainLayers.subsample(Map.of(shape, in[0])).values());
  }

  @ParameterizedTest(name = "top wanted {0}, lateral wanted {1}")
  @CsvSource({"true,true", "true,false", "false,true"})
  void upsampleAddPassesTheGradientToBoth(boolean top, boolean lateral) {
    long[] small = {2, 2, 3, 3};
    long[] large = {2, 4, 6, 3};
    try (Parameters none = new Parameters(List.of())) {
      GradientCheck check = new GradientCheck(none, small, large);
      if (!top) {
        check.constant(0);
      }
      if (!lateral) {
        check.constant(1);
      }
      check.run(
          (tape, in) -> Functions.upsampleAdd(tape, in[0], in[1]),
          (in, p) -> PlainLayers.upsampleAdd(Map.of(small, in[0]), Map.of(large, in[1])).values());
    }
  }

  /** Two users of one value: the first gradient is set, the second added. */
  @Test
  void aValueUsedTwiceGetsTheSumOfBothGradients() {
    long[] shape = {1, 4, 4, 2};
    withoutParameters(
        new long[][] {shape},
        (tape, in) -> Functions.upsampleAdd(tape, Functions.subsample(tape, in[0]), in[0]),
        (in, p) -> {
          Map x = Map.of(shape, in[0]);
          return PlainLayers.upsampleAdd(PlainLayers.subsample(x), x).values();
        });
  }

  @Test
  void nothingIsRecordedWhereNothingLearns() {
    try (Parameters parameters = new Parameters(Specs.weights("conv", Kind.CONV, 2, 3, 3, 3, 2));
        Tape tape = Tape.recording()) {
      GradientCheck.randomize(parameters, 1);
      Variable x = tape.constant(ramp(X));
      Variable y = new Conv(parameters, "conv", 1, 1, true).forward(tape, x);
      assertFalse(y.requiresGrad());
      tape.release(x);
      assertTrue(x.value().isClosed(), "the tape keeps nothing");
    }
  }

  @Test
  void nothingIsRecordedInInference() {
    try (Parameters parameters = conv(3);
        Tape tape = Tape.off()) {
      Variable x = tape.input(ramp(X));
      Variable y = new Conv(parameters, "conv", 1, 1, true).forward(tape, x);
      assertFalse(y.requiresGrad());
      assertFalse(Functions.subsample(tape, y).requiresGrad());
      assertFalse(Functions.maxPool(tape, y).requiresGrad());
      tape.backward();
      assertNull(x.gradient());
      assertFalse(parameters.get("conv/kernel").hasGradient());
    }
  }

  private static GradientCheck.Plain plainConv(int side, int stride, int pad, boolean relu) {
    return (in, p) -> {
      Map y = PlainLayers.conv(Map.of(X, in[0]), p[0], p[1], side, stride, pad);
      return (relu ? y.relu() : y).values();
    };
  }

  private static void withoutParameters(
      long[][] shapes, GradientCheck.Layer layer, GradientCheck.Plain plain) {
    try (Parameters none = new Parameters(List.of())) {
      new GradientCheck(none, shapes).run(layer, plain);
    }
  }

  private static Parameters conv(int side) {
    return learning(new Parameters(Specs.weights("conv", Kind.CONV, 2, side, side, 3, 2)));
  }

  private static Parameters learning(Parameters parameters) {
    GradientCheck.randomize(parameters, 1);
    parameters.setTrainable("all");
    return parameters;
  }

  private static Tensor ramp(long... shape) {
    float[] values = new float[(int) Tensor.count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 7 - 3;
    }
    return Tensor.of(values, shape);
  }
}
