package dev.selvage.model;

import dev.selvage.config.Config;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.nn.ParameterSpec.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * All parameters of the model in the order of Matterport's weight files, under Keras' layer names
 * and layouts.
 */
public final class ParameterTable {
  private final List<ParameterSpec> specs = new ArrayList<>();

  private ParameterTable() {}

  /** The parameters of the model that a configuration describes. */
  public static List<ParameterSpec> of(Config config) {
    ModelRequirements.classes(config);
    ParameterTable table = new ParameterTable();
    table.backbone(config);
    table.pyramid(config);
    table.rpn(config);
    table.heads(config);
    return List.copyOf(table.specs);
  }

  private void backbone(Config config) {
    Backbone backbone = Backbone.of(config.BACKBONE);
    int stem = config.BACKBONE_WIDTH;
    conv("conv1", 7, 3, stem);
    batchNorm("bn_conv1", stem);
    int in = stem;
    for (int stage = 2; stage <= 5; stage++) {
      int width = Backbone.width(stage, stem);
      int out = backbone.channels(stage, stem);
      for (int b = 0; b < backbone.blocks(stage); b++) {
        String block = Backbone.blockName(stage, b);
        if (backbone.bottleneck()) {
          branch(block, "2a", 1, in, width);
          branch(block, "2b", 3, width, width);
          branch(block, "2c", 1, width, out);
        } else {
          branch(block, "2a", 3, in, width);
          branch(block, "2b", 3, width, out);
        }
        if (b == 0) {
          branch(block, "1", 1, in, out);
        }
        in = out;
      }
    }
  }

  private void branch(String block, String branch, int side, int in, int out) {
    conv("res" + block + "_branch" + branch, side, in, out);
    batchNorm("bn" + block + "_branch" + branch, out);
  }

  private void pyramid(Config config) {
    Backbone backbone = Backbone.of(config.BACKBONE);
    int size = config.TOP_DOWN_PYRAMID_SIZE;
    for (int stage = 5; stage >= 2; stage--) {
      conv("fpn_c" + stage + "p" + stage, 1, backbone.channels(stage, config.BACKBONE_WIDTH), size);
    }
    for (int level : new int[] {5, 2, 3, 4}) {
      conv("fpn_p" + level, 3, size, size);
    }
  }

  private void rpn(Config config) {
    String group = "rpn_model";
    int channels = config.RPN_CHANNELS;
    int ratios = config.RPN_ANCHOR_RATIOS.size();
    weights(
        group,
        "rpn_conv_shared",
        Kind.CONV,
        channels,
        3,
        3,
        config.TOP_DOWN_PYRAMID_SIZE,
        channels);
    weights(group, "rpn_class_raw", Kind.CONV, 2 * ratios, 1, 1, channels, 2 * ratios);
    weights(group, "rpn_bbox_pred", Kind.CONV, 4 * ratios, 1, 1, channels, 4 * ratios);
  }

  private void heads(Config config) {
    int in = config.TOP_DOWN_PYRAMID_SIZE;
    int hidden = config.FPN_CLASSIF_FC_LAYERS_SIZE;
    int classes = config.NUM_CLASSES;
    int channels = config.MASK_CHANNELS;
    for (int i = 1; i <= 4; i++) {
      conv("mrcnn_mask_conv" + i, 3, i == 1 ? in : channels, channels);
      batchNorm("mrcnn_mask_bn" + i, channels);
    }
    conv("mrcnn_class_conv1", config.POOL_SIZE, in, hidden);
    batchNorm("mrcnn_class_bn1", hidden);
    conv("mrcnn_class_conv2", 1, hidden, hidden);
    batchNorm("mrcnn_class_bn2", hidden);
    weights("mrcnn_bbox_fc", "mrcnn_bbox_fc", Kind.DENSE, 4 * classes, hidden, 4 * classes);
    weights(
        "mrcnn_mask_deconv", "mrcnn_mask_deconv", Kind.DECONV, channels, 2, 2, channels, channels);
    weights("mrcnn_class_logits", "mrcnn_class_logits", Kind.DENSE, classes, hidden, classes);
    conv("mrcnn_mask", 1, channels, classes);
  }

  private void conv(String layer, int side, int in, int out) {
    weights(layer, layer, Kind.CONV, out, side, side, in, out);
  }

  private void weights(String group, String layer, Kind kind, long out, long... kernel) {
    specs.add(new ParameterSpec(group, layer, kind, "kernel", kernel));
    specs.add(new ParameterSpec(group, layer, kind, "bias", new long[] {out}));
  }

  private void batchNorm(String layer, int channels) {
    for (String part : new String[] {"gamma", "beta", "moving_mean", "moving_variance"}) {
      specs.add(new ParameterSpec(layer, layer, Kind.BATCH_NORM, part, new long[] {channels}));
    }
  }
}
