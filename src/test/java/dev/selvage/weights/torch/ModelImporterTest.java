package dev.selvage.weights.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import dev.selvage.weights.StoredArray;
import dev.selvage.weights.files.WeightFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds each imported layer to what it computes: their layer by their definition, in their layout,
 * against ours by Keras' definition.
 */
class ModelImporterTest {
  private static final double CLOSE = 1e-4;

  @TempDir Path dir;

  /** A file and what it is imported as. */
  private static final class Imported {
    final Map<String, float[]> theirs = new LinkedHashMap<>();
    final Map<String, float[]> ours = new LinkedHashMap<>();
    final Map<String, List<Long>> shapes = new LinkedHashMap<>();
    final List<String> names = new ArrayList<>();
    final Map<String, Object> settings;

    Imported(String name) {
      Path file = TorchCheckpointTest.fixture(name);
      try (TorchCheckpoint checkpoint =
          new TorchCheckpoint(file, ByteBuffer.wrap(Files.readAllBytes(file)))) {
        checkpoint
            .tensors()
            .forEach(
                (tensor, t) -> {
                  if (!tensor.endsWith("num_batches_tracked")) {
                    theirs.put(tensor, checkpoint.values(t));
                  }
                });
        ImportedModel model = ModelImporter.read(file, checkpoint);
        settings = model.settings();
        for (StoredArray array : model.arrays()) {
          names.add(array.group() + ":" + array.name());
          ours.put(array.name(), model.values(array));
          shapes.put(array.name(), array.shape());
          assertEquals(array.size(), ours.get(array.name()).length, array.name());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Their convolution or dense layer at one place; the patch is (in,h,w). */
    double[] their(String layer, float[] patch) {
      float[] w = theirs.get(layer + ".weight");
      float[] b = theirs.getOrDefault(layer + ".bias", new float[w.length / patch.length]);
      double[] y = new double[w.length / patch.length];
      for (int o = 0; o < y.length; o++) {
        y[o] = b[o];
        for (int i = 0; i < patch.length; i++) {
          y[o] += (double) w[o * patch.length + i] * patch[i];
        }
      }
      return y;
    }

    /** Our convolution or dense layer at one place; the patch is (h,w,in). */
    double[] our(String layer, float[] patch) {
      float[] w = ours.get(layer + "/kernel");
      float[] b = ours.get(layer + "/bias");
      double[] y = new double[b.length];
      for (int o = 0; o < y.length; o++) {
        y[o] = b[o];
        for (int i = 0; i < patch.length; i++) {
          y[o] += (double) w[i * y.length + o] * patch[i];
        }
      }
      return y;
    }

    /** Their frozen normalization of one value a channel. */
    double[] theirNorm(String layer, double[] x, double epsilon) {
      double[] y = new double[x.length];
      for (int c = 0; c < y.length; c++) {
        y[c] =
            (x[c] - theirs.get(layer + ".running_mean")[c])
                    / Math.sqrt(theirs.get(layer + ".running_var")[c] + epsilon)
                    * theirs.get(layer + ".weight")[c]
                + theirs.get(layer + ".bias")[c];
      }
      return y;
    }

    /** Keras' normalization by moving averages. */
    double[] ourNorm(String layer, double[] x) {
      double[] y = new double[x.length];
      for (int c = 0; c < y.length; c++) {
        y[c] =
            (x[c] - ours.get(layer + "/moving_mean")[c])
                    / Math.sqrt(ours.get(layer + "/moving_variance")[c] + 1e-3)
                    * ours.get(layer + "/gamma")[c]
                + ours.get(layer + "/beta")[c];
      }
      return y;
    }

    void sameConv(String layer, String their, int channels, int side) {
      float[] patch = random(channels * side * side);
      close(their(their, patch), our(layer, channelsLast(patch, channels)), layer);
    }

    void sameNorm(String layer, String their, double epsilon) {
      double[] x = new double[theirs.get(their + ".weight").length];
      Arrays.setAll(x, i -> 3 * i - 2);
      close(theirNorm(their, x, epsilon), ourNorm(layer, x), layer);
    }
  }

  private static float[] random(int count) {
    Random random = new Random(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** (c,h,w) to (h,w,c). */
  private static float[] channelsLast(float[] patch, int channels) {
    int area = patch.length / channels;
    float[] turned = new float[patch.length];
    for (int c = 0; c < channels; c++) {
      for (int p = 0; p < area; p++) {
        turned[p * channels + c] = patch[c * area + p];
      }
    }
    return turned;
  }

  private static void close(double[] expected, double[] found, String what) {
    assertEquals(expected.length, found.length, what);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], CLOSE * (1 + Math.abs(expected[i])), what + " " + i);
    }
  }

  @Test
  void theStemTakesPixelsLessTheMeanOfTorchvision() {
    Imported model = new Imported("torchvision.pth");
    float[] rgb = random(3 * 49);
    float[] scaled = rgb.clone();
    double[] std = {0.229, 0.224, 0.225};
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= (float) (255 * std[i / 49]);
    }
    close(model.their("backbone.body.conv1", scaled), model.our("conv1", channelsLast(rgb, 3)), "");
    assertEquals(List.of(123.675, 116.28, 103.53), model.settings.get("MEAN_PIXEL"));
  }

  @Test
  void theStemTakesPixelsLessTheMeanOfDetectron2() {
    Imported model = new Imported("detectron2.pkl");
    float[] rgb = random(3 * 49);
    float[] bgr = new float[rgb.length];
    for (int c = 0; c < 3; c++) {
      System.arraycopy(rgb, c * 49, bgr, (2 - c) * 49, 49);
    }
    close(
        model.their("backbone.bottom_up.stem.conv1", bgr),
        model.our("conv1", channelsLast(rgb, 3)),
        "");
  }

  @Test
  void blocksOfTorchvision() {
    Imported model = new Imported("torchvision.pth");
    model.sameConv("res3b_branch2a", "backbone.body.layer2.1.conv1", 2, 3);
    model.sameConv("res3a_branch1", "backbone.body.layer2.0.downsample.0", 2, 1);
    model.sameNorm("bn_conv1", "backbone.body.bn1", 0);
    model.sameNorm("bn3b_branch2b", "backbone.body.layer2.1.bn2", 0);
    model.sameNorm("bn3a_branch1", "backbone.body.layer2.0.downsample.1", 0);
    assertArrayEquals(
        model.theirs.get("backbone.body.bn1.running_var"),
        model.ours.get("bn_conv1/moving_variance"));
  }

  @Test
  void aShortcutWithoutConvolutionIsTheIdentity() {
    Imported model = new Imported("torchvision.pth");
    float[] x = random(2);
    double[] y = model.ourNorm("bn2a_branch1", model.our("res2a_branch1", x));
    close(new double[] {x[0], x[1]}, y, "");
  }

  @Test
  void blocksOfDetectron2() {
    Imported model = new Imported("detectron2.pkl");
    String body = "backbone.bottom_up.res4.5.";
    model.sameConv("res4f_branch2a", body + "conv1", 8, 1);
    model.sameConv("res4f_branch2b", body + "conv2", 2, 3);
    model.sameConv("res4f_branch2c", body + "conv3", 2, 1);
    model.sameConv("res2a_branch1", "backbone.bottom_up.res2.0.shortcut", 2, 1);
    model.sameNorm("bn4f_branch2c", body + "conv3.norm", 1e-5);
    model.sameNorm("bn2a_branch1", "backbone.bottom_up.res2.0.shortcut.norm", 1e-5);
  }

  @Test
  void aClassifiersNormalizationHasItsEpsilon() {
    Imported model = new Imported("resnet50.pth");
    model.sameNorm("bn_conv1", "bn1", 1e-5);
    assertEquals("resnet50", model.settings.get("BACKBONE"));
    assertEquals(false, model.settings.get("STRIDE_IN_1X1"));
    assertTrue(model.names.stream().allMatch(n -> n.matches("(res|bn|conv1).*")));
  }

  @ParameterizedTest
  @CsvSource({
    "torchvision.pth, backbone.fpn.inner_blocks.1.0, backbone.fpn.layer_blocks.0.0",
    "torchvision_legacy.pth, backbone.fpn.inner_blocks.1, backbone.fpn.layer_blocks.0",
    "detectron2.pkl, backbone.fpn_lateral3, backbone.fpn_output2"
  })
  void thePyramid(String file, String lateral, String output) {
    Imported model = new Imported(file);
    int channels = model.shapes.get("fpn_c3p3/kernel").get(2).intValue();
    model.sameConv("fpn_c3p3", lateral, channels, 1);
    model.sameConv("fpn_p2", output, 3, 3);
  }

  @ParameterizedTest
  @CsvSource({
    "torchvision.pth, rpn.head.conv.0.0, rpn.head.cls_logits, rpn.head.bbox_pred",
    "detectron2.pkl, proposal_generator.rpn_head.conv, proposal_generator.rpn_head.objectness_logits, proposal_generator.rpn_head.anchor_deltas"
  })
  void theRpnGivesEachAnchorTheSameProbabilityAndBox(
      String file, String conv, String logits, String deltas) {
    Imported model = new Imported(file);
    model.sameConv("rpn_conv_shared", conv, 3, 3);
    float[] hidden = random(2);
    double[] z = model.their(logits, hidden);
    double[] two = model.our("rpn_class_raw", hidden);
    double[] d = model.their(deltas, hidden);
    double[] ours = model.our("rpn_bbox_pred", hidden);
    double[] deviations = {0.1, 0.1, 0.2, 0.2};
    for (int a = 0; a < 3; a++) {
      int theirs = 2 - a; // their height / width is our width / height
      double softmax = 1 / (1 + Math.exp(two[2 * a] - two[2 * a + 1]));
      assertEquals(1 / (1 + Math.exp(-z[theirs])), softmax, 1e-6);
      double[] yxhw = {d[4 * theirs + 1], d[4 * theirs], d[4 * theirs + 3], d[4 * theirs + 2]};
      for (int k = 0; k < 4; k++) {
        assertEquals(yxhw[k], ours[4 * a + k] * deviations[k], CLOSE * (1 + Math.abs(yxhw[k])));
      }
    }
    assertTrue(model.names.contains("rpn_model:rpn_bbox_pred/bias"));
  }

  @ParameterizedTest
  @CsvSource({
    "torchvision.pth, roi_heads.box_head.fc6, roi_heads.box_head.fc7",
    "detectron2.pkl, roi_heads.box_head.fc1, roi_heads.box_head.fc2"
  })
  void theBoxHeadsLayers(String file, String first, String second) {
    Imported model = new Imported(file);
    model.sameConv("mrcnn_class_conv1", first, 3, 2);
    model.sameConv("mrcnn_class_conv2", second, 4, 1);
    assertEquals(List.of(2L, 2L, 3L, 4L), model.shapes.get("mrcnn_class_conv1/kernel"));
    double[] x = {-3, 0, 2, 5};
    for (String norm : List.of("mrcnn_class_bn1", "mrcnn_class_bn2")) {
      close(x, model.ourNorm(norm, x), norm);
    }
  }

  @ParameterizedTest
  @CsvSource({"torchvision.pth, 0, true", "detectron2.pkl, 2, false"})
  void classesBoxesAndMasksInOurOrder(String file, int background, boolean hasBackground) {
    Imported model = new Imported(file);
    String predictor = "roi_heads.box_predictor.";
    String mask =
        hasBackground
            ? "roi_heads.mask_predictor.mask_fcn_logits"
            : "roi_heads.mask_head.predictor";
    float[] hidden = random(4);
    float[] cell = random(2);
    double[] classes = model.their(predictor + "cls_score", hidden);
    double[] boxes = model.their(predictor + "bbox_pred", hidden);
    double[] masks = model.their(mask, cell);
    double[] ourClasses = model.our("mrcnn_class_logits", hidden);
    double[] ourBoxes = model.our("mrcnn_bbox_fc", hidden);
    double[] ourMasks = model.our("mrcnn_mask", cell);
    for (int k = 0; k < 3; k++) {
      int theirs = background == 0 ? k : (k + 2) % 3;
      boolean absent = k == 0 && !hasBackground;
      assertEquals(classes[theirs], ourClasses[k], CLOSE * 100);
      assertEquals(absent ? 0 : masks[theirs], ourMasks[k], CLOSE * 100);
      for (int c = 0; c < 4; c++) {
        int coordinate = new int[] {1, 0, 3, 2}[c];
        double expected = absent ? 0 : boxes[4 * theirs + coordinate];
        assertEquals(expected, ourBoxes[4 * k + c], CLOSE * 100);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "torchvision.pth, roi_heads.mask_head.1.0, roi_heads.mask_predictor.conv5_mask",
    "torchvision_legacy.pth, roi_heads.mask_head.mask_fcn2, roi_heads.mask_predictor.conv5_mask",
    "detectron2.pkl, roi_heads.mask_head.mask_fcn2, roi_heads.mask_head.deconv"
  })
  void theMaskHead(String file, String conv, String deconv) {
    Imported model = new Imported(file);
    model.sameConv("mrcnn_mask_conv2", conv, 2, 3);
    close(new double[] {4, -1}, model.ourNorm("mrcnn_mask_bn2", new double[] {4, -1}), "norm");
    float[] theirs = model.theirs.get(deconv + ".weight");
    float[] ours = model.ours.get("mrcnn_mask_deconv/kernel");
    for (int y = 0; y < 2; y++) {
      for (int x = 0; x < 2; x++) {
        for (int out = 0; out < 2; out++) {
          for (int in = 0; in < 2; in++) {
            assertEquals(
                theirs[((in * 2 + out) * 2 + y) * 2 + x], ours[((y * 2 + x) * 2 + out) * 2 + in]);
          }
        }
      }
    }
    assertArrayEquals(model.theirs.get(deconv + ".bias"), model.ours.get("mrcnn_mask_deconv/bias"));
  }

  @Test
  void arraysComeInTheOrderOfMatterportsFiles() {
    List<String> names = new Imported("detectron2.pkl").names;
    assertEquals("conv1:conv1/kernel", names.get(0));
    assertEquals("bn_conv1:bn_conv1/gamma", names.get(2));
    assertEquals("mrcnn_mask:mrcnn_mask/bias", names.get(names.size() - 1));
    List<String> layers = names.stream().map(n -> n.replaceAll(".*:|/.*", "")).distinct().toList();
    assertEquals(
        List.of(
            "fpn_c5p5",
            "fpn_c4p4",
            "fpn_c3p3",
            "fpn_c2p2",
            "fpn_p5",
            "fpn_p2",
            "fpn_p3",
            "fpn_p4",
            "rpn_conv_shared",
            "rpn_class_raw",
            "rpn_bbox_pred",
            "mrcnn_mask_conv1",
            "mrcnn_mask_bn1"),
        layers.subList(layers.indexOf("fpn_c5p5"), layers.indexOf("mrcnn_mask_conv2")));
    assertEquals(
        List.of(
            "mrcnn_class_conv1",
            "mrcnn_class_bn1",
            "mrcnn_class_conv2",
            "mrcnn_class_bn2",
            "mrcnn_bbox_fc",
            "mrcnn_mask_deconv",
            "mrcnn_class_logits",
            "mrcnn_mask"),
        layers.subList(layers.indexOf("mrcnn_class_conv1"), layers.size()));
  }

  @Test
  void saysWhichSettingsTheWeightsNeed() {
    Map<String, Object> settings = new Imported("detectron2.pkl").settings;
    assertEquals(
        List.of(
            "BACKBONE",
            "BACKBONE_WIDTH",
            "MEAN_PIXEL",
            "STRIDE_IN_1X1",
            "TOP_DOWN_PYRAMID_SIZE",
            "RPN_CHANNELS",
            "RPN_ANCHOR_SCALES",
            "RPN_ANCHOR_RATIOS",
            "MASK_CHANNELS",
            "POOL_SIZE",
            "FPN_CLASSIF_FC_LAYERS_SIZE"),
        List.copyOf(settings.keySet()));
    assertEquals(true, settings.get("STRIDE_IN_1X1"));
    assertEquals(2, settings.get("BACKBONE_WIDTH"));
    assertEquals(2, settings.get("POOL_SIZE"));
    assertEquals("resnet18", new Imported("torchvision.pth").settings.get("BACKBONE"));
  }

  @Test
  void refusesWhatHasNoCounterpart() throws IOException {
    String body = "backbone.bottom_up.";
    refused(m -> m.remove("backbone.fpn_output3.bias"), null); // a convolution without bias is one
    refused(
        m -> m.remove("backbone.fpn_output3.weight"),
        "expected a tensor backbone.fpn_output3.weight, found none");
    refused(
        m -> m.put("roi_heads.keypoint_head.conv.weight", vector(1)),
        "expected only layers that Matterport's model has, found roi_heads.keypoint_head.conv.weight");
    refused(
        m -> m.put("pixel_std", vector(57.375f, 57.12f, 58.395f)),
        "expected pixel_std to be [1.0, 1.0, 1.0], found [57.375, 57.12, 58.395]");
    refused(
        m -> m.put("proposal_generator.anchor_generator.cell_anchors.0", vector(1)),
        "expected proposal_generator.anchor_generator.cell_anchors.0 to be [-22.627417, -11.313708, 22.627417, 11.313708, -16.0, -16.0, 16.0, 16.0, -11.313708, -22.627417, 11.313708, 22.627417], found [1.0]");
    refused(
        m -> m.put("proposal_generator.rpn_head.objectness_logits.weight", tensor(15, 2, 1, 1)),
        "expected 3 anchors per location in proposal_generator.rpn_head.objectness_logits, found 15");
    refused(
        m -> m.put("roi_heads.box_predictor.bbox_pred.weight", tensor(4, 4)),
        "expected 8 outputs of roi_heads.box_predictor.bbox_pred, found 4");
    refused(
        m -> m.put("roi_heads.mask_head.predictor.weight", tensor(1, 2, 1, 1)),
        "expected 2 outputs of roi_heads.mask_head.predictor, found 1");
    refused(
        m -> m.put(body + "res3.0.conv2.weight", tensor(2, 1, 3, 3)),
        "expected 2 input channels of backbone.bottom_up.res3.0.conv2, found 1, a grouped convolution");
    refused(
        m -> m.put(body + "stem.conv1.weight", tensor(2, 4, 7, 7)),
        "expected 3 input channels of backbone.bottom_up.stem.conv1, found 4");
    refused(
        m -> m.keySet().removeIf(n -> n.startsWith(body + "res4.5.")),
        "expected ResNet-18, 34, 50 or 101, found one with [3, 4, 5, 3] blocks per stage");
    refused(
        m -> m.put("roi_heads.box_head.fc1.weight", tensor(4, 7)),
        "expected the inputs of roi_heads.box_head.fc1 to come from a square feature map with 3 channels, found 7 inputs");
    refused(
        m -> m.put("backbone.fpn_output3.bias", tensor(1, 2)),
        "expected backbone.fpn_output3.bias of 3 values, found shape [1, 2]");
    refused(
        m -> m.keySet().removeIf(n -> n.startsWith(body)),
        "expected the tensor names of torchvision's or Detectron2's Mask R-CNN with ResNet-FPN, found backbone.fpn_lateral2.weight");
  }

  /** A tensor to write. */
  private record Change(List<Long> shape, float[] values) {}

  private static Change vector(float... values) {
    return new Change(List.of((long) values.length), values);
  }

  private static Change tensor(int... shape) {
    List<Long> dims = Arrays.stream(shape).mapToObj(d -> (long) d).toList();
    return new Change(dims, new float[(int) CheckpointTensor.count(dims)]);
  }

  /** Writes Detectron2's fixture with a change and expects the sentence, or none if null. */
  private void refused(Consumer<Map<String, Change>> change, String message) throws IOException {
    Path original = TorchCheckpointTest.fixture("detectron2.pkl");
    Map<String, Change> tensors = new LinkedHashMap<>();
    try (TorchCheckpoint checkpoint =
        new TorchCheckpoint(original, ByteBuffer.wrap(Files.readAllBytes(original)))) {
      checkpoint
          .tensors()
          .forEach((n, t) -> tensors.put(n, new Change(t.shape(), checkpoint.values(t))));
    }
    change.accept(tensors);
    PickleWriter writer = new PickleWriter().op('}').op('(');
    tensors.forEach((name, t) -> writer.text(name).array(t.shape(), t.values()));
    Path file = Files.write(dir.resolve("changed.pkl"), writer.op('u').stop());
    if (message == null) {
      WeightFiles.inspect(file);
    } else {
      UserError error = assertThrows(UserError.class, () -> WeightFiles.inspect(file));
      assertEquals(file + ": " + message, error.getMessage());
    }
  }
}
