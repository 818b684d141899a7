package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import dev.selvage.tensor.Type;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The model with bf16 maps against the float64 reference, as close as eight bits allow. */
class Bf16ParityTest {
  private static final double FORWARD_LIMIT = 2e-2;
  private static final double LOSS_LIMIT = 1e-2;

  /** Of all gradients together. */
  private static final double GRADIENT_LIMIT = 0.1;

  private static final RoiSampler FIRST_CANDIDATES =
      (candidates, count) -> Arrays.copyOf(candidates, Math.min(count, candidates.length));

  @Test
  void matchesTheReference() throws URISyntaxException {
    if (!Type.BF16.available()) {
      System.err.println("SKIPPED: the model in bf16, which this processor lacks");
    }
    assumeTrue(Type.BF16.available());
    long before = Tensor.live();
    List<Executable> checks = new ArrayList<>();
    Path file = Path.of(Bf16ParityTest.class.getResource("/golden/resnet50_64.h5").toURI());
    try (GoldenFile golden = new GoldenFile(file);
        Parameters parameters = new Parameters(LayerTable.of(golden.config()))) {
      golden.fillWeights(parameters);
      parameters.setTrainable("all");
      MaskRcnn model = new MaskRcnn(golden.config(), parameters);
      Scope.run(() -> forward(golden, model, checks));
      Scope.run(() -> train(golden, model, parameters, Type.F32));
      List<float[]> exact =
          parameters.trainable().stream().map(p -> p.gradient().download()).toList();
      parameters.clearGradients();
      Scope.run(
          () -> {
            Losses losses = train(golden, model, parameters, Type.BF16);
            for (Map.Entry<String, Double> loss : losses.byName().entrySet()) {
              if (!loss.getKey().equals("loss")) {
                double expected = golden.doubles("losses/" + loss.getKey())[0];
                within(
                    loss.getKey(),
                    Math.abs(loss.getValue() - expected) / Math.abs(expected),
                    LOSS_LIMIT,
                    checks);
              }
            }
          });
      within("gradients", distance(parameters.trainable(), exact), GRADIENT_LIMIT, checks);
    }
    checks.add(() -> assertEquals(before, Tensor.live(), "tensors that were not freed"));
    assertAll(checks);
  }

  /** The float maps stand in for the reference's, which the small file leaves out. */
  private static void forward(GoldenFile golden, MaskRcnn model, List<Executable> checks) {
    try (Tape tape = Tape.off()) {
      Variable[] exact = model.pyramid(tape, images(golden, Type.F32));
      Variable[] pyramid = model.pyramid(tape, images(golden, Type.BF16));
      for (int i = 0; i < pyramid.length; i++) {
        Tensor map = pyramid[i].value();
        checks.add(() -> assertEquals(Type.BF16, map.type(), "type of a map"));
        near("P" + (i + 2), exact[i].value(), map, checks);
      }
      Rpn.Maps expected = model.anchors(exact);
      Rpn.Maps maps = model.anchors(pyramid);
      checks.add(() -> assertEquals(Type.F32, maps.logits().type(), "type of logits"));
      near("rpn_logits", expected.logits(), maps.logits(), checks);
      near("rpn_deltas", expected.deltas(), maps.deltas(), checks);
    }
  }

  private static Losses train(GoldenFile golden, MaskRcnn model, Parameters parameters, Type type) {
    parameters.clearGradients();
    try (Tape tape = Tape.recording()) {
      LossTerms losses =
          model.forward(
              tape,
              model.pyramid(tape, images(golden, type)),
              golden.size,
              golden.size,
              golden.rpnTargets(),
              golden.truths(),
              golden.targetProposals(),
              FIRST_CANDIDATES);
      tape.backward();
      return losses.read();
    }
  }

  private static Tensor images(GoldenFile golden, Type type) {
    Tensor images = Tensor.of(golden.floats("images"), golden.batch, golden.size, golden.size, 3);
    return Ops.cast(images, type);
  }

  private static void near(String what, Tensor exact, Tensor map, List<Executable> checks) {
    float[] expected = exact.download();
    float[] found = map.download();
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      double d = (double) found[i] - expected[i];
      difference += d * d;
      norm += (double) expected[i] * expected[i];
    }
    within(what, Math.sqrt(difference / norm), FORWARD_LIMIT, checks);
  }

  private static double distance(List<Parameter> parameters, List<float[]> exact) {
    double difference = 0;
    double norm = 0;
    for (int k = 0; k < exact.size(); k++) {
      float[] expected = exact.get(k);
      float[] found = parameters.get(k).gradient().download();
      for (int i = 0; i < found.length; i++) {
        double d = (double) found[i] - expected[i];
        difference += d * d;
        norm += (double) expected[i] * expected[i];
      }
    }
    return Math.sqrt(difference / norm);
  }

  private static void within(String what, double error, double limit, List<Executable> checks) {
    System.out.printf("bf16 %s: relative error %.2e, limit %.0e%n", what, error, limit);
    checks.add(() -> assertTrue(error <= limit, what + ": relative error " + error));
  }
}
