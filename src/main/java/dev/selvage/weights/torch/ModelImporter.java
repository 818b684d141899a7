package dev.selvage.weights.torch;

import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Turns a checkpoint of torchvision or Detectron2 into Matterport's model, layer by layer and
 * exactly, up to the rounding of a float: layouts, the order of box coordinates and classes, the
 * RPN's one logit per anchor as two, epsilons, input channels. What lies outside the layers cannot
 * be converted and is listed in {@link ImportedModel#differences}; a layer without a counterpart is
 * refused.
 */
public final class ModelImporter {
  /**
   * RPN_BBOX_STD_DEV. Matterport's model multiplies the RPN's deltas by it; the original does not.
   */
  private static final double[] RPN_DEVIATIONS = {0.1, 0.1, 0.2, 0.2};

  /** BBOX_STD_DEV, by which the original divides as well. */
  private static final double[] SAME_DEVIATIONS = {1, 1, 1, 1};

  /** A name that every checkpoint has; that of a detector before that of its backbone. */
  private static final List<String> FIRST_LAYERS =
      List.of(
          "backbone.body.layer1.0.conv1.weight",
          "backbone.bottom_up.stem.conv1.weight",
          "layer1.0.conv1.weight");

  private static final int[] RPN_SCALES = {32, 64, 128, 256, 512};
  private static final double[] RPN_RATIOS = {0.5, 1, 2};

  /** Convolutions of a block, and blocks of stages 2 to 5. */
  private static final Map<List<Integer>, String> BACKBONES =
      Map.of(
          List.of(2, 2, 2, 2, 2), "resnet18",
          List.of(2, 3, 4, 6, 3), "resnet34",
          List.of(3, 3, 4, 6, 3), "resnet50",
          List.of(3, 3, 4, 23, 3), "resnet101");

  private final NamingConvention convention;
  private final LayerBuilder layers;
  private final Map<String, Object> settings = new LinkedHashMap<>();

  private ModelImporter(NamingConvention convention, LayerBuilder layers) {
    this.convention = convention;
    this.layers = layers;
  }

  /**
   * The model in a checkpoint.
   *
   * @throws UserError if it is not torchvision's or Detectron2's, or has a layer that Matterport's
   *     model lacks
   */
  public static ImportedModel read(Path file, TorchCheckpoint checkpoint) {
    Set<String> names = checkpoint.tensors().keySet();
    NamingConvention convention = TorchvisionNaming.of(names);
    if (convention == null) {
      convention = Detectron2Naming.of(names);
    }
    if (convention == null) {
      throw new UserError(
          "%s: expected the tensor names of torchvision's or Detectron2's Mask R-CNN with ResNet-FPN, found %s"
              .formatted(file, foundInstead(names)));
    }
    LayerBuilder layers = new LayerBuilder(file, checkpoint);
    ModelImporter importer = new ModelImporter(convention, layers);
    importer.read();
    return new ImportedModel(
        checkpoint, convention.model(), layers.pieces(), importer.settings, importer.differences());
  }

  /** What there is in place of the names, and how to mend it where they only have a prefix. */
  private static String foundInstead(Set<String> names) {
    List<String> prefixes =
        names.stream()
            .filter(name -> FIRST_LAYERS.stream().anyMatch(name::endsWith))
            .map(name -> name.substring(0, name.length() - firstLayer(name).length()))
            .toList();
    return prefixes.isEmpty()
        ? names.iterator().next()
        : "them after %s; in Python, torch.save({k.removeprefix(\"%s\"): v for k, v in tensors.items() if k.startswith(\"%s\")}, \"MODEL.pth\") keeps those"
            .formatted(String.join(" and ", prefixes), prefixes.get(0), prefixes.get(0));
  }

  private static String firstLayer(String name) {
    return FIRST_LAYERS.stream().filter(name::endsWith).findFirst().orElseThrow();
  }

  private void read() {
    convention.constants().forEach(this::checkConstant);
    boolean bottleneck = resNet();
    settings.putAll(convention.settings(bottleneck));
    if (convention.detects()) {
      pyramid();
      rpn();
      maskLayers();
      boxLayers();
      outputs();
    }
    for (String name : layers.unused()) {
      if (!convention.isIgnored(name)) {
        throw layers.refused("only layers that Matterport's model has", name);
      }
    }
  }

  private void checkConstant(String name, float[] expected) {
    float[] found = layers.constant(name);
    boolean same = found == null || found.length == expected.length;
    for (int i = 0; found != null && same && i < found.length; i++) {
      same = Math.abs(found[i] - expected[i]) < 0.01;
    }
    if (!same) {
      throw layers.refused(
          "%s to be %s".formatted(name, Arrays.toString(expected)), Arrays.toString(found));
    }
  }

  private boolean resNet() {
    int[] rgb = convention.rgb() ? new int[] {0, 1, 2} : new int[] {2, 1, 0};
    layers.stem("conv1", convention.stem(), rgb, convention.pixelStd());
    batchNorm("bn_conv1", convention.stem());
    int convs = layers.has(convention.conv(2, 0, 3)) ? 3 : 2;
    List<Integer> size = new ArrayList<>(List.of(convs));
    for (int stage = 2; stage <= 5; stage++) {
      int block = 0;
      for (; layers.has(convention.conv(stage, block, 1)); block++) {
        block(stage, block, convs);
      }
      size.add(block);
    }
    String backbone = BACKBONES.get(size);
    if (backbone == null) {
      throw layers.refused(
          "ResNet-18, 34, 50 or 101",
          "one with %s blocks per stage".formatted(size.subList(1, size.size())));
    }
    settings.put("BACKBONE", backbone);
    settings.put("BACKBONE_WIDTH", layers.shape(convention.stem(), 4)[0]);
    return convs == 3;
  }

  private void block(int stage, int block, int convs) {
    String name = stage + String.valueOf((char) ('a' + block)) + "_branch";
    for (int i = 1; i <= convs; i++) {
      convBn(name + "2" + (char) ('a' + i - 1), convention.conv(stage, block, i));
    }
    int outputs = layers.shape(convention.conv(stage, block, convs), 4)[0];
    int[] first = layers.shape(convention.conv(stage, block, 1), 4);
    int inner = layers.shape(convention.conv(stage, block, 2), 4)[1];
    if (inner != first[0]) {
      throw layers.refused(
          "%d input channels of %s".formatted(first[0], convention.conv(stage, block, 2)),
          "%d, a grouped convolution".formatted(inner));
    }
    String shortcut = convention.conv(stage, 0, 0);
    if (block == 0 && stage == 2 && first[1] == outputs && !layers.has(shortcut)) {
      // The original adds the unchanged input where Matterport's model has a convolution.
      layers.identityConv("res" + name + "1", outputs);
      layers.identityNorm("bn" + name + "1", outputs);
    } else if (block == 0) {
      convBn(name + "1", shortcut);
    }
  }

  private void convBn(String branch, String name) {
    layers.conv("res" + branch, name);
    batchNorm("bn" + branch, name);
  }

  private void batchNorm(String layer, String conv) {
    layers.batchNorm(layer, convention.norm(conv), convention.epsilon());
  }

  private void pyramid() {
    for (int level = 5; level >= 2; level--) {
      layers.conv("fpn_c%sp%s".formatted(level, level), convention.lateral(level));
    }
    for (int level : new int[] {5, 2, 3, 4}) {
      layers.conv("fpn_p" + level, convention.output(level));
    }
    settings.put("TOP_DOWN_PYRAMID_SIZE", layers.shape(convention.output(5), 4)[0]);
  }

  /**
   * One logit z per anchor becomes two, 0 and z, whose softmax is sigmoid(z). Ratios of anchors are
   * height / width there and width / height here, so their order is the opposite.
   */
  private void rpn() {
    int anchors = layers.shape(convention.rpnLogits(), 4)[0];
    if (anchors != RPN_RATIOS.length) {
      throw layers.refused(
          "3 anchors per location in " + convention.rpnLogits(), String.valueOf(anchors));
    }
    String group = "rpn_model";
    int channels = layers.shape(convention.rpnConv(), 4)[0];
    layers.conv(group, "rpn_conv_shared", convention.rpnConv(), ChannelMap.same(channels));
    layers.conv(
        group, "rpn_class_raw", convention.rpnLogits(), ChannelMap.unscaled(-1, 2, -1, 1, -1, 0));
    requireOutputs(convention.rpnDeltas(), 4, 4 * anchors);
    layers.conv(
        group,
        "rpn_bbox_pred",
        convention.rpnDeltas(),
        ChannelMap.unscaled(2, 1, 0).boxes(RPN_DEVIATIONS));
    settings.put("RPN_CHANNELS", channels);
    settings.put("RPN_ANCHOR_SCALES", RPN_SCALES);
    settings.put("RPN_ANCHOR_RATIOS", RPN_RATIOS);
  }

  private void maskLayers() {
    for (int i = 1; i <= 4; i++) {
      layers.conv("mrcnn_mask_conv" + i, convention.maskConv(i));
      layers.identityNorm("mrcnn_mask_bn" + i, layers.shape(convention.maskConv(i), 4)[0]);
    }
    settings.put("MASK_CHANNELS", layers.shape(convention.maskConv(4), 4)[0]);
  }

  private void boxLayers() {
    String first = convention.boxLayers().get(0);
    String second = convention.boxLayers().get(1);
    int hidden = layers.shape(first, 2)[0];
    int pyramid = layers.shape(convention.output(5), 4)[0];
    settings.put("POOL_SIZE", layers.denseAsConv("mrcnn_class_conv1", first, pyramid));
    layers.identityNorm("mrcnn_class_bn1", hidden);
    layers.denseAsConv("mrcnn_class_conv2", second, hidden);
    layers.identityNorm("mrcnn_class_bn2", hidden);
    settings.put("FPN_CLASSIF_FC_LAYERS_SIZE", hidden);
  }

  private void outputs() {
    int classes = layers.shape(convention.classLogits(), 2)[0];
    boolean first = convention.backgroundFirst();
    ChannelMap logits =
        first
            ? ChannelMap.same(classes)
            : ChannelMap.unscaled(
                IntStream.range(0, classes).map(k -> (k + classes - 1) % classes).toArray());
    ChannelMap others =
        first ? logits : ChannelMap.unscaled(IntStream.range(0, classes).map(k -> k - 1).toArray());
    int withOutput = first ? classes : classes - 1;
    requireOutputs(convention.boxDeltas(), 2, 4 * withOutput);
    requireOutputs(convention.maskLogits(), 4, withOutput);
    layers.dense("mrcnn_bbox_fc", convention.boxDeltas(), others.boxes(SAME_DEVIATIONS));
    layers.deconv("mrcnn_mask_deconv", convention.maskDeconv());
    layers.dense("mrcnn_class_logits", convention.classLogits(), logits);
    layers.conv("mrcnn_mask", "mrcnn_mask", convention.maskLogits(), others);
  }

  /** Boxes and masks for each class; some models have one for all. */
  private void requireOutputs(String name, int rank, int expected) {
    int found = layers.shape(name, rank)[0];
    if (found != expected) {
      throw layers.refused("%d outputs of %s".formatted(expected, name), String.valueOf(found));
    }
  }

  private List<String> differences() {
    List<String> differences = new ArrayList<>();
    differences.add(
        "max pooling: Selvage pads at the bottom and right, the original on all sides; features are shifted by 2 pixels");
    if (convention.detects()) {
      differences.add(
          "RoIAlign: Selvage takes one sample per cell, at its corner; the original averages several");
      differences.add(
          "boxes: Selvage counts pixels from 0 to size - 1, the original counts the edges between pixels");
      differences.add(
          "pyramid level of a box: Selvage rounds to the nearest, the original rounds down");
      differences.add("proposals: Selvage chooses over all levels at once, the original per level");
    }
    return differences;
  }
}
