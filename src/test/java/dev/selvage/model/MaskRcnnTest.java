package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.GroundTruth;
import dev.selvage.nn.GradientBucket;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.nn.Sgd;
import dev.selvage.runtime.Native;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;

class MaskRcnnTest {
  private static final StepOptions ON_ROIS = StepOptions.DEFAULTS.withRois(SmallModel.regions());

  @Test
  void learnsABatchByHeart() {
    Config config = SmallModel.config();
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = SmallModel.batch(1)) {
      parameters.setTrainable("all");
      MaskRcnn model = new MaskRcnn(config, parameters);
      double first = model.losses(batch, StepOptions.DEFAULTS).total();
      for (int i = 0; i < 60; i++) {
        model.step(batch, ON_ROIS);
        Scope.run(() -> Sgd.step(parameters, 0.01, 0.9, 5, config.WEIGHT_DECAY));
      }
      Losses last = model.step(batch, ON_ROIS);
      assertTrue(last.total() < 0.2 * first, first + " fell only to " + last.byName());
    }
  }

  /** On a GPU a step has rows for as many anchors and regions as there could be. */
  @Test
  void rowsWithoutAnAnchorOrARegionChangeNothing() {
    Config config = SmallModel.config();
    GroundTruth none = new GroundTruth(new int[0], new float[0], new byte[0], 56, 56);
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = SmallModel.batch(5)) {
      Batch empty = // over the other's memory, which it does not free
          new Batch(
              batch.imageIndices(),
              batch.fileNames(),
              batch.rgb(),
              64,
              64,
              new GroundTruth[] {none, none},
              batch.rpnTargets(),
              5);
      parameters.setTrainable("all");
      for (Batch one : List.of(batch, empty)) {
        Losses counted = new MaskRcnn(config, parameters, false).step(one, ON_ROIS);
        Map<String, float[]> expected = new HashMap<>();
        for (Parameter p : parameters.trainable()) {
          expected.put(p.name(), p.hasGradient() ? p.gradient().download() : null);
        }
        assertEquals(one == batch, counted.mrcnnMask() > 0, counted.toString());

        Losses fixed = new MaskRcnn(config, parameters, true).step(one, ON_ROIS);
        assertArrayEquals(counted.values(), fixed.values(), 1e-6);
        for (Parameter p : parameters.trainable()) {
          float[] found = p.gradient().download();
          float[] wanted =
              expected.get(p.name()) == null ? new float[found.length] : expected.get(p.name());
          double most = 0;
          for (float value : wanted) {
            most = Math.max(most, Math.abs(value));
          }
          assertArrayEquals(wanted, found, (float) (1e-4 * most + 1e-9), p.name());
        }
      }
    }
  }

  @Test
  void sameSeedSameLossesAndGradients() {
    Config config = SmallModel.config();
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = SmallModel.batch(5)) {
      parameters.setTrainable("all");
      MaskRcnn model = new MaskRcnn(config, parameters);
      Losses losses = model.step(batch, ON_ROIS);
      float[] gradient = parameters.get("res2a_branch2a/kernel").gradient().download();
      assertEquals(losses, model.step(batch, ON_ROIS));
      assertArrayEquals(gradient, parameters.get("res2a_branch2a/kernel").gradient().download());
      assertTrue(losses.mrcnnMask() > 0 && losses.mrcnnBbox() > 0, losses.toString());
    }
  }

  /** As many anchors and regions in both images, and all regions taken, so that means agree. */
  @Test
  void accumulatedBatchesAreOneLargerBatch() {
    Config config = SmallModel.config().with("TRAIN_ROIS_PER_IMAGE", 200);
    float[] regions = SmallModel.regions();
    try (Parameters parameters = SmallModel.parameters(config);
        Batch both = SmallModel.batch(5);
        Batch first = SmallModel.single(5, 0);
        Batch second = SmallModel.single(5, 1)) {
      parameters.setTrainable("all");
      MaskRcnn model = new MaskRcnn(config, parameters);
      Losses larger = model.step(both, StepOptions.DEFAULTS.withRois(regions));
      Map<String, float[]> expected = new HashMap<>();
      parameters
          .trainable()
          .forEach(p -> expected.put(p.name(), p.hasGradient() ? p.gradient().download() : null));
      StepOptions halves =
          StepOptions.DEFAULTS.withRois(Arrays.copyOf(regions, regions.length / 2));
      List<GradientBucket> gradients = GradientBucket.of(parameters);
      List<Losses> losses = new ArrayList<>();
      for (Batch half : List.of(first, second)) {
        losses.add(model.step(half, halves));
        gradients.forEach(bucket -> bucket.add(losses.size() - 1, 2));
      }
      Losses mean = Losses.mean(losses);
      parameters.divideGradients(2);
      assertEquals(larger.total(), mean.total(), 1e-5 * larger.total());
      for (Parameter p : parameters.trainable()) {
        if (expected.get(p.name()) != null) {
          float[] found = p.gradient().download();
          // Convolutions of other numbers of images round in other ways, and so a ReLU may pass
          // what
          // it held back: the whole is compared.
          double distance = distance(expected.get(p.name()), found);
          assertTrue(distance <= 1e-3, () -> "%s differs by %.1e".formatted(p.name(), distance));
        }
      }
    }
  }

  @Test
  void lossWeightsScaleTheTotalAndTheGradients() {
    Config plain = SmallModel.config();
    Config weighted = SmallModel.config().with("LOSS_WEIGHTS", List.of(0f, 0f, 0f, 0f, 3f));
    try (Parameters parameters = SmallModel.parameters(plain);
        Batch batch = SmallModel.batch(5)) {
      parameters.setTrainable("all");
      Losses one = new MaskRcnn(plain, parameters).step(batch, ON_ROIS);
      float[] single = parameters.get("mrcnn_mask/kernel").gradient().download();
      Losses three = new MaskRcnn(weighted, parameters).step(batch, ON_ROIS);
      float[] triple = parameters.get("mrcnn_mask/kernel").gradient().download();
      for (int i = 0; i < single.length; i++) {
        assertEquals(3 * single[i], triple[i], 1e-6f + 1e-5f * Math.abs(triple[i]));
      }
      double l2 =
          Scope.call(
              () -> {
                Tensor penalty = Tensor.allocate(1);
                Sgd.penalty(penalty, parameters, plain.WEIGHT_DECAY);
                return penalty.download()[0];
              });
      assertEquals(3 * one.mrcnnMask() + l2, three.total(), 1e-6);
      assertEquals(0, squares(parameters.get("rpn_class_raw/kernel")), 0);
    }
  }

  /** A region is cut out of the whole mask as it would be out of the box's part of it. */
  @Test
  void wholeMasksGiveTheTargetsOfTheirBoxes() {
    Config mini = SmallModel.config();
    Config whole = SmallModel.config().with("USE_MINI_MASK", false);
    float[] box = {8, 8, 40, 48};
    byte[] inside = new byte[32 * 40];
    byte[] picture = new byte[64 * 64];
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 40; x++) {
        inside[y * 40 + x] = (byte) (x + y > 30 ? 1 : 0);
        picture[(y + 8) * 64 + x + 8] = inside[y * 40 + x];
      }
    }
    float[] region = {9 / 63f, 8 / 63f, 37 / 63f, 46 / 63f};
    float[] expected = targets(mini, new GroundTruth(new int[] {1}, box, inside, 32, 40), region);
    float[] found = targets(whole, new GroundTruth(new int[] {1}, box, picture, 64, 64), region);
    int differing = 0;
    int set = 0;
    for (int i = 0; i < found.length; i++) {
      differing += found[i] != expected[i] ? 1 : 0;
      set += (int) found[i];
    }
    assertTrue(set > 200 && set < 600, "set " + set);
    assertTrue(differing <= 6, "a rounded pixel along the edge may differ, not " + differing);
  }

  private static float[] targets(Config config, GroundTruth truth, float[] region) {
    GroundTruth[] truths = {truth};
    return Scope.call(
        () -> {
          DetectionTargets targets =
              DetectionTargets.of(
                  Tensor.of(region, 1, 1, 4), truths, 64, 64, config, RoiDraws.random(1, 1));
          return MaskTargets.ofUsed(
                  targets.positives().counted(), truths, 2 * config.MASK_POOL_SIZE)
              .download();
        });
  }

  @Test
  void frozenLayersHaveNoGradientsAndChangeNobodyElses() {
    Config config = SmallModel.config();
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = SmallModel.batch(5)) {
      MaskRcnn model = new MaskRcnn(config, parameters);
      parameters.setTrainable("all");
      model.step(batch, ON_ROIS);
      float[] all = parameters.get("fpn_c5p5/kernel").gradient().download();
      parameters.setTrainable("4+");
      model.step(batch, ON_ROIS);
      for (Parameter p : parameters.list()) {
        boolean frozen =
            p.spec().isStatistic() || p.layer().matches("conv1|bn_conv1|(res|bn)[23].*");
        assertEquals(!frozen, p.hasGradient(), p.name());
      }
      assertArrayEquals(all, parameters.get("fpn_c5p5/kernel").gradient().download(), 1e-5f);
    }
  }

  /** A deeper frozen backbone costs its own forward pass more and nothing else. */
  @Test
  void nothingIsComputedBackwardBelowTheFrozenLine() {
    long forward18 = work("resnet18", "heads", false);
    long forward34 = work("resnet34", "heads", false);
    assertTrue(forward34 > forward18);
    assertEquals(
        forward34 - forward18, work("resnet34", "heads", true) - work("resnet18", "heads", true));
    assertNotEquals(
        forward34 - forward18, work("resnet34", "all", true) - work("resnet18", "all", true));
  }

  private static long work(String backbone, String layers, boolean learn) {
    Config config = SmallModel.config().with("BACKBONE", backbone);
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = SmallModel.batch(5)) {
      parameters.setTrainable(layers);
      MaskRcnn model = new MaskRcnn(config, parameters);
      long before = Native.executedFlops();
      if (learn) {
        model.step(batch, ON_ROIS);
      } else {
        model.losses(batch, StepOptions.DEFAULTS);
      }
      return Native.executedFlops() - before;
    }
  }

  @Test
  void stepsAndDetectionsLeakNothingAndMemoryStaysFlat() {
    Config config = SmallModel.config();
    long before = Tensor.live();
    try (Parameters parameters = SmallModel.parameters(config)) {
      parameters.setTrainable("all");
      MaskRcnn model = new MaskRcnn(config, parameters);
      work(model, 3);
      long live = Tensor.live();
      long bytes = Native.allocatedBytes();
      work(model, 12);
      assertEquals(live, Tensor.live());
      assertEquals(bytes, Native.allocatedBytes(), 0.01 * bytes);
    }
    assertEquals(before, Tensor.live());
  }

  private static void work(MaskRcnn model, int rounds) {
    for (int i = 0; i < rounds; i++) {
      try (Batch batch = SmallModel.batch(i)) {
        model.step(batch, StepOptions.DEFAULTS);
        model.losses(batch, StepOptions.DEFAULTS);
        model.detect(batch.rgb(), 2, 64, 64, new int[][] {{0, 0, 64, 64}, {0, 0, 64, 64}});
      }
    }
  }

  @Test
  void imagesWithoutObjectsTeachOnlyTheBackground() {
    Config config = SmallModel.config();
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = SmallModel.batch(1, new float[0])) {
      parameters.setTrainable("all");
      Losses losses = new MaskRcnn(config, parameters).step(batch, StepOptions.DEFAULTS);
      assertEquals(0, losses.rpnBbox(), 0);
      assertEquals(0, losses.mrcnnBbox(), 0);
      assertEquals(0, losses.mrcnnMask(), 0);
      assertTrue(losses.rpnClass() > 0 && losses.mrcnnClass() > 0, losses.toString());
      double norm = Scope.call(() -> Sgd.step(parameters, 0.01, 0.9, 5, config.WEIGHT_DECAY));
      assertTrue(Double.isFinite(norm) && norm > 0);
    }
  }

  @Test
  void detectionsAreSortedInsideTheWindowAndLimited() {
    Config config = SmallModel.config();
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = SmallModel.batch(1)) {
      float[] bias = {-5, 1, 0, 0};
      parameters.get("mrcnn_class_logits/bias").upload(bias);
      List<RawDetections> found =
          new MaskRcnn(config, parameters)
              .detect(batch.rgb(), 2, 64, 64, new int[][] {{0, 0, 64, 64}, {16, 0, 48, 64}});
      assertEquals(2, found.size());
      for (RawDetections d : found) {
        assertTrue(d.size() > 0 && d.size() <= config.DETECTION_MAX_INSTANCES);
        assertEquals(28, d.side());
        assertEquals(d.size() * 28 * 28, d.masks().length);
        for (int i = 0; i < d.size(); i++) {
          assertEquals(1, d.classIds()[i]);
          assertTrue(i == 0 || d.scores()[i] <= d.scores()[i - 1]);
          assertEquals(0.5, d.masks()[i * 28 * 28], 0.2, "fresh masks are undecided");
        }
      }
      float[] boxes = found.get(1).boxes();
      for (int i = 0; i < boxes.length; i += 4) {
        assertTrue(boxes[i] >= 16 / 63f - 1e-6 && boxes[i + 2] <= 47 / 63f + 1e-6);
      }
    }
  }

  @Test
  void trainBnTrueNormalizesByTheBatchAndItsAveragesFollow() {
    Config config = SmallModel.config().with("TRAIN_BN", true);
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = SmallModel.batch(5)) {
      parameters.setTrainable("4+");
      MaskRcnn model = new MaskRcnn(config, parameters);
      float[] frozen = parameters.get("bn2a_branch2a/moving_variance").download();
      float[] learning = parameters.get("bn4a_branch2a/moving_variance").download();
      model.losses(batch, StepOptions.DEFAULTS);
      assertArrayEquals(learning, parameters.get("bn4a_branch2a/moving_variance").download());
      Losses step = model.step(batch, ON_ROIS);
      assertArrayEquals(frozen, parameters.get("bn2a_branch2a/moving_variance").download());
      assertFalse(
          java.util.Arrays.equals(
              learning, parameters.get("bn4a_branch2a/moving_variance").download()));
      Config frozenBn = config.with("TRAIN_BN", false);
      assertNotEquals(
          step.rpnClass(), new MaskRcnn(frozenBn, parameters).step(batch, ON_ROIS).rpnClass());
    }
  }

  @Test
  void trainBnNullNormalizesFrozenLayersByTheirAverages() {
    Config config = SmallModel.config().with("TRAIN_BN", null);
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = SmallModel.batch(5)) {
      parameters.setTrainable("heads");
      // The RPN sees only frozen normalizations and the pyramid, which has none.
      double rpn = new MaskRcnn(config, parameters).step(batch, ON_ROIS).rpnClass();
      Config frozen = config.with("TRAIN_BN", false);
      assertEquals(rpn, new MaskRcnn(frozen, parameters).step(batch, ON_ROIS).rpnClass());
      parameters.setTrainable("all");
      assertNotEquals(rpn, new MaskRcnn(config, parameters).step(batch, ON_ROIS).rpnClass());
    }
  }

  @Test
  void trainBnFalseKeepsTheAverages() {
    Config config = SmallModel.config();
    try (Parameters parameters = SmallModel.parameters(config);
        Batch batch = SmallModel.batch(5)) {
      parameters.setTrainable("all");
      float[] before = parameters.get("bn_conv1/moving_mean").download();
      new MaskRcnn(config, parameters).step(batch, StepOptions.DEFAULTS);
      assertArrayEquals(before, parameters.get("bn_conv1/moving_mean").download());
    }
  }

  @Test
  void refusesSizesThatThePyramidCannotHalve() {
    Config config = SmallModel.config();
    try (Parameters parameters = SmallModel.parameters(config);
        BytePointer rgb = new BytePointer(96 * 64 * 3)) {
      MaskRcnn model = new MaskRcnn(config, parameters);
      UserError error =
          assertThrows(
              UserError.class, () -> model.detect(rgb, 1, 96, 64, new int[][] {{0, 0, 96, 64}}));
      assertTrue(error.getMessage().contains("multiples of 64, found 96x64"), error.getMessage());
    }
  }

  /** Relative L2 distance. */
  private static double distance(float[] expected, float[] found) {
    double difference = 0;
    double total = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(found[i] - expected[i], 2);
      total += Math.pow(expected[i], 2);
    }
    return difference == 0 ? 0 : Math.sqrt(difference / total);
  }

  private static double squares(Parameter parameter) {
    double sum = 0;
    for (float v : parameter.gradient().download()) {
      sum += v * v;
    }
    return sum;
  }
}
