package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.autograd.Tape;
import dev.selvage.config.Config;
import dev.selvage.nn.Parameters;
import dev.selvage.runtime.Native;
import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/**
 * A training step with maps of a short type: on the CPU against the float64 reference and, where
 * the small file leaves that out, against the same step in float32. On CUDA's kernels compiled for
 * the CPU, which take long, it is a narrower model, and float32 on the CPU says what is right.
 */
class ShortTypeParityTest {
  /**
   * Relative errors.
   *
   * @param maps L2 of each map, some 60 roundings deep
   * @param loss of each loss: a mean over as few as 32 regions, whose logits are as far off as maps
   * @param total of their sum
   * @param gradients L2 of all together. A rounding that changes the sign of a ReLU's input makes a
   *     whole gradient come or go; the number of such grows with the rounding, their L2 norm hence
   *     with its root.
   */
  private record Limits(double maps, double loss, double total, double gradients) {}

  /** Of 8 significant bits, and of 11: an eighth of it. */
  private static final Map<DType, Limits> LIMITS =
      Map.of(
          DType.BF16,
          new Limits(2e-2, 4e-3, 2e-3, 0.1),
          DType.F16,
          new Limits(2.5e-3, 5e-4, 2.5e-4, 3.5e-2));

  /** Of the sum of the losses of two backends, whose roundings are mostly the same. */
  private static final double TWIN_LIMIT = 1e-3;

  /** What f16 needs, so that no gradient is too small for it. */
  private static final double LOSS_SCALE = 1024;

  /**
   * What a step computes.
   *
   * @param maps by name
   * @param gradients of all parameters, one after the other
   */
  private record Step(Map<String, float[]> maps, Losses losses, List<float[]> gradients) {}

  /** Half of the channels. */
  private static final UnaryOperator<Config> NARROW =
      config ->
          config
              .with("BACKBONE_WIDTH", 32)
              .with("TOP_DOWN_PYRAMID_SIZE", 128)
              .with("RPN_CHANNELS", 256)
              .with("MASK_CHANNELS", 128)
              .with("FPN_CLASSIF_FC_LAYERS_SIZE", 512);

  /** What several tests compare with: the narrower model. */
  private final Map<DType, Step> narrow = new EnumMap<>(DType.class);

  @TestFactory
  Stream<DynamicTest> matchesTheReference() throws URISyntaxException {
    Path file = Path.of(getClass().getResource("/golden/resnet50_64.h5").toURI());
    Path cuda = Path.of(System.getProperty("cuda.simulated"), "libselvage_cuda.so");
    List<DynamicTest> tests = new ArrayList<>();
    if (DType.BF16.available()) {
      tests.add(DynamicTest.dynamicTest("bf16 on the CPU", () -> compareOnCpu(file)));
    } else {
      System.err.println("SKIPPED: the model in bf16, which this processor lacks");
    }
    if (Files.isRegularFile(cuda)) {
      for (DType type : new DType[] {DType.BF16, DType.F16}) {
        String name = type.key() + " on CUDA's kernels";
        tests.add(DynamicTest.dynamicTest(name, () -> compareOn(cuda, file, type)));
      }
    } else {
      System.err.println("SKIPPED: short types on CUDA's kernels, since " + cuda + " is no file");
    }
    return tests.stream();
  }

  private static void compareOnCpu(Path file) {
    Step exact = step(file, DType.F32, UnaryOperator.identity());
    Map<String, Double> losses = new LinkedHashMap<>(exact.losses().byName());
    try (GoldenFile golden = new GoldenFile(file)) {
      losses.replaceAll(
          (name, loss) -> name.equals("loss") ? loss : golden.doubles("losses/" + name)[0]);
    }
    compare(DType.BF16, step(file, DType.BF16, UnaryOperator.identity()), exact, losses);
  }

  private Step narrowOnCpu(Path file, DType type) {
    return narrow.computeIfAbsent(type, t -> step(file, t, NARROW));
  }

  private void compareOn(Path cuda, Path file, DType type) {
    Optional<Step> twin =
        type.available() ? Optional.of(narrowOnCpu(file, type)) : Optional.empty();
    Step exact = narrowOnCpu(file, DType.F32);
    Native.selectDevice("cuda", cuda.toString());
    try {
      Step step = step(file, type, NARROW);
      compare(type, step, exact, exact.losses().byName());
      twin.map(cpu -> Math.abs(sum(step.losses()) / sum(cpu.losses()) - 1))
          .ifPresent(
              error ->
                  assertTrue(error <= TWIN_LIMIT, "all losses beside the CPU's: error " + error));
    } finally {
      Native.selectDevice("cpu", "");
    }
  }

  /**
   * @param losses what each is in exact arithmetic
   */
  private static void compare(DType type, Step step, Step exact, Map<String, Double> losses) {
    Limits limits = LIMITS.get(type);
    List<Executable> checks = new ArrayList<>();
    step.maps()
        .forEach(
            (name, map) ->
                within(
                    type,
                    name,
                    distance(List.of(map), List.of(exact.maps().get(name))),
                    limits.maps(),
                    checks));
    double expectedSum = 0;
    for (Map.Entry<String, Double> loss : step.losses().byName().entrySet()) {
      if (!loss.getKey().equals("loss")) {
        double expected = losses.get(loss.getKey());
        double error = Math.abs(loss.getValue() - expected) / expected;
        within(type, loss.getKey(), error, limits.loss(), checks);
        expectedSum += expected;
      }
    }
    double error = Math.abs(sum(step.losses()) - expectedSum) / expectedSum;
    within(type, "all losses", error, limits.total(), checks);
    within(
        type,
        "gradients",
        distance(step.gradients(), exact.gradients()),
        limits.gradients(),
        checks);
    assertAll(checks);
  }

  /** Without the weight decay. */
  private static double sum(Losses losses) {
    return losses.rpnClass()
        + losses.rpnBbox()
        + losses.mrcnnClass()
        + losses.mrcnnBbox()
        + losses.mrcnnMask();
  }

  /** One training step of all layers on the selected device. */
  private static Step step(Path file, DType type, UnaryOperator<Config> size) {
    long before = Tensor.live();
    Step step;
    try (GoldenFile golden = new GoldenFile(file);
        Parameters parameters = new Parameters(ParameterTable.of(size.apply(golden.config())))) {
      golden.fillWeights(parameters);
      parameters.setTrainable("all");
      step = Scope.call(() -> step(golden, size.apply(golden.config()), parameters, type));
    }
    assertEquals(before, Tensor.live(), "tensors that were not freed");
    return step;
  }

  private static Step step(GoldenFile golden, Config config, Parameters parameters, DType type) {
    MaskRcnn model = new MaskRcnn(config, parameters);
    double scale = type == DType.F16 ? LOSS_SCALE : 1;
    Map<String, float[]> maps = new LinkedHashMap<>();
    Tensor images = Tensor.of(golden.floats("images"), golden.batch, golden.size, golden.size, 3);
    try (Tape tape = Tape.recording()) {
      Pyramid pyramid = model.pyramid(tape, Ops.cast(images, type));
      for (int i = 0; i < pyramid.levels().length; i++) {
        Tensor level = pyramid.levels()[i].value();
        assertEquals(type, level.type(), "type of a map");
        maps.put("P" + (i + 2), level.download());
      }
      Rpn.Maps anchors = model.anchors(pyramid);
      assertEquals(DType.F32, anchors.logits().type(), "type of logits");
      maps.put("rpn_logits", anchors.logits().download());
      maps.put("rpn_deltas", anchors.deltas().download());
      Tensor terms = Tensor.zeros(Losses.TERMS);
      model.forward(
          tape,
          pyramid,
          golden.rpnTargets(),
          golden.truths(),
          RoiDraws.NONE,
          StepOptions.DEFAULTS.withRois(golden.targetProposals()).withLossScale(scale),
          terms);
      tape.backward();
      parameters.divideGradients(scale);
      return new Step(
          maps,
          Losses.read(terms.download(), 0, config.LOSS_WEIGHTS.toArray()),
          parameters.trainable().stream().map(p -> p.gradient().download()).toList());
    }
  }

  private static double distance(List<float[]> found, List<float[]> exact) {
    double difference = 0;
    double norm = 0;
    for (int k = 0; k < exact.size(); k++) {
      for (int i = 0; i < exact.get(k).length; i++) {
        double d = (double) found.get(k)[i] - exact.get(k)[i];
        difference += d * d;
        norm += (double) exact.get(k)[i] * exact.get(k)[i];
      }
    }
    return Math.sqrt(difference / norm);
  }

  private static void within(
      DType type, String what, double error, double limit, List<Executable> checks) {
    System.out.printf("%s %s: relative error %.2e, limit %.0e%n", type.key(), what, error, limit);
    checks.add(() -> assertTrue(error <= limit, type.key() + " " + what + ": error " + error));
  }
}
