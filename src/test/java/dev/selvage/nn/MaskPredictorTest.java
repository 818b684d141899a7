package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.nn.PlainLayers.Map;
import dev.selvage.tensor.NoLeaks;
import dev.selvage.tensor.OpenScope;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith({NoLeaks.class, OpenScope.class})
class MaskPredictorTest {
  private static final int CLASSES = 3;

  @ParameterizedTest(name = "{0} regions, layers {1}, gradient wanted: {2}")
  @CsvSource({
    "5,all,true",
    "19,all,true",
    "19,all,false",
    "19,mask,true",
    "19,mask,false",
    "19,deconv,true",
    "16,deconv,false"
  })
  void learnsAllRegionsInWhateverGroups(int regions, String layers, boolean wanted) {
    long[] shape = {regions, 2, 3, 3};
    int[] classOf = IntStream.range(0, regions).map(i -> (i * 7 + 1) % CLASSES).toArray();
    try (Parameters parameters = parameters(layers)) {
      MaskPredictor layer = new MaskPredictor(parameters, "deconv", "mask");
      GradientCheck check = new GradientCheck(parameters, shape);
      (wanted ? check : check.constant(0))
          .run(
              (tape, in) -> layer.forward(tape, in[0], Ops.list(classOf)),
              (in, p) -> logits(PlainLayers.deconv(Map.of(shape, in[0]), p[0], p[1]), p, classOf));
    }
  }

  private static double[] logits(Map deconv, double[][] p, int[] classOf) {
    Map enlarged = deconv.relu();
    int channels = enlarged.c();
    int cells = enlarged.h() * enlarged.w();
    double[] logits = new double[enlarged.n() * cells];
    for (int i = 0; i < logits.length; i++) {
      int k = classOf[i / cells];
      logits[i] = p[3][k];
      for (int c = 0; c < channels; c++) {
        logits[i] += enlarged.values()[i * channels + c] * p[2][c * CLASSES + k];
      }
    }
    return logits;
  }

  @Test
  void noRegionsHaveNoLogits() {
    try (Parameters parameters = parameters("all");
        Tape tape = Tape.off()) {
      Variable x = tape.constant(Tensor.allocate(0, 2, 2, 3));
      Variable y = new MaskPredictor(parameters, "deconv", "mask").forward(tape, x, Ops.list());
      assertArrayEquals(new long[] {0, 4, 4}, y.value().shape());
    }
  }

  /** Else a sum over processes could begin before the last group. */
  @Test
  void eachGradientIsToldOnceWhenItIsWhole() {
    try (Parameters parameters = parameters("all")) {
      int[] told = {0};
      parameters.onGradient(() -> told[0]++);
      try (Tape tape = Tape.recording()) {
        Tensor x = Tensor.allocate(20, 2, 2, 3);
        x.fill(0.5f);
        Variable y =
            new MaskPredictor(parameters, "deconv", "mask")
                .forward(tape, tape.constant(x), Ops.list(new int[20]));
        Tensor dy = Tensor.allocate(y.value().shape());
        dy.fill(1f);
        y.addGradient(dy);
        tape.backward();
      }
      assertEquals(4, told[0]);
    }
  }

  private static Parameters parameters(String layers) {
    List<ParameterSpec> specs = new ArrayList<>();
    specs.addAll(Specs.weights("deconv", Kind.DECONV, 2, 2, 2, 2, 3));
    specs.addAll(Specs.weights("mask", Kind.CONV, CLASSES, 1, 1, 2, CLASSES));
    Parameters parameters = new Parameters(specs);
    GradientCheck.randomize(parameters, 1);
    parameters.setTrainable(layers);
    return parameters;
  }
}
