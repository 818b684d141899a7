package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.runtime.Native;
import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import dev.selvage.util.Needs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Gradients by kernels that are transposed once for all layers, which only a GPU does. */
class TransposedKernelsTest {
  private static final Path CUDA =
      Path.of(System.getProperty("cuda.simulated"), "libselvage_cuda.so");

  private static final List<ParameterSpec> SPECS = new ArrayList<>();

  static {
    layer("three", 8, 3, 3, 16, 8);
    layer("one", 16, 1, 1, 8, 16);
    layer("whole", 8, 3, 3, 16, 8);
  }

  @BeforeEach
  void simulate() {
    Needs.simulatedGpu(CUDA, "transposed kernels");
    Native.selectDevice("cuda", CUDA.toString());
  }

  @AfterEach
  void backToTheCpu() {
    Native.selectDevice("cpu", "");
  }

  @Test
  void everyPassUsesTheWeightsAsTheyAre() {
    for (DType type : List.of(DType.F32, DType.F16)) {
      List<float[]> onGpu = gradientsOfThreePasses(type);
      Native.selectDevice("cpu", "");
      List<float[]> onCpu = gradientsOfThreePasses(DType.F32);
      Native.selectDevice("cuda", CUDA.toString());
      for (int pass = 0; pass < onCpu.size(); pass++) {
        double limit = type == DType.F32 ? 1e-6 : 5e-3;
        assertEquals(0, distance(onGpu.get(pass), onCpu.get(pass)), limit, type + ", pass " + pass);
      }
    }
  }

  @Test
  void theirMemoryIsUsedAgain() {
    try (Parameters parameters = new Parameters(SPECS)) {
      GradientCheck.randomize(parameters, 1);
      FoldedWeights three = folded(parameters, "three", 2, 1);
      FoldedWeights whole = folded(parameters, "whole", 1, 0);
      three.refresh();
      whole.refresh();
      Tensor transposed = three.transposedKernel(DType.F32);
      assertNotSame(three.kernel(), transposed);
      parameters.changed();
      three.refresh();
      assertSame(transposed, three.transposedKernel(DType.F32));
      assertNull(whole.transposedKernel(DType.F32), "of nine taps without padding");
    }
  }

  /** Of an input, through three layers: as they are, with other kernels, with another variance. */
  private static List<float[]> gradientsOfThreePasses(DType type) {
    long before = Tensor.live();
    List<float[]> gradients = new ArrayList<>();
    try (Parameters parameters = new Parameters(SPECS)) {
      GradientCheck.randomize(parameters, 1);
      parameters.setTrainable("all");
      gradients.add(gradient(parameters, type));
      for (String changed : List.of("three/kernel", "one-bn/moving_variance")) {
        Parameter parameter = parameters.get(changed);
        float[] values = parameter.download();
        for (int i = 0; i < values.length; i++) {
          values[i] = 0.5f * values[i] + 0.25f;
        }
        parameter.upload(values);
        gradients.add(gradient(parameters, type));
      }
    }
    assertEquals(before, Tensor.live(), "tensors that were not freed");
    return gradients;
  }

  private static float[] gradient(Parameters parameters, DType type) {
    parameters.clearGradients();
    return Scope.call(
        () -> {
          try (Tape tape = Tape.recording()) {
            float[] values = new float[5 * 6 * 16];
            for (int i = 0; i < values.length; i++) {
              values[i] = (float) Math.sin(i);
            }
            Variable x = tape.input(Ops.cast(Tensor.of(values, 1, 5, 6, 16), type));
            Variable three = block(parameters, "three", 2, 1).forward(tape, x, null);
            Variable one = block(parameters, "one", 1, 0).forward(tape, three, null);
            Variable y = block(parameters, "whole", 1, 0).forward(tape, one, null);
            y.addGradient(Ops.copy(y.value()));
            tape.backward();
            return x.gradient().download();
          }
        });
  }

  /** Relative L2. */
  private static double distance(float[] found, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) found[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  private static ConvBn block(Parameters parameters, String name, int stride, int pad) {
    return new ConvBn(parameters, name, name + "-bn", stride, pad, false, false);
  }

  private static FoldedWeights folded(Parameters parameters, String name, int stride, int pad) {
    LayerWeights weights = LayerWeights.of(parameters, name);
    BatchNormParameters bn = BatchNormParameters.of(parameters, name + "-bn");
    return parameters.folds().of(weights, bn, stride, pad);
  }

  private static void layer(String name, int out, long... kernel) {
    SPECS.addAll(Specs.weights(name, Kind.CONV, out, kernel));
    SPECS.addAll(Specs.batchNorm(name + "-bn", out));
  }
}
