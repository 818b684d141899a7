package dev.selvage.weights.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * torchvision's {@code maskrcnn_resnet*_fpn}, under its names before and since version 0.13, and
 * its ResNets for classification, of which the last layer is left out.
 */
final class TorchvisionNaming implements NamingConvention {
  private static final String DETECTOR = "backbone.body.";

  private final Set<String> names;
  private final String body;

  private TorchvisionNaming(Set<String> names, String body) {
    this.names = names;
    this.body = body;
  }

  /** The convention that these names follow, or null if they are not torchvision's. */
  static TorchvisionNaming of(Set<String> names) {
    for (String body : List.of(DETECTOR, "")) {
      if (names.contains(body + "layer1.0.conv1.weight")) {
        return new TorchvisionNaming(names, body);
      }
    }
    return null;
  }

  @Override
  public String model() {
    return detects() ? "torchvision's Mask R-CNN" : "torchvision's ResNet";
  }

  @Override
  public String stem() {
    return body + "conv1";
  }

  @Override
  public String conv(int stage, int block, int conv) {
    String name = "%slayer%s.%s.".formatted(body, stage - 1, block);
    return name + (conv == 0 ? "downsample.0" : "conv" + conv);
  }

  @Override
  public String norm(String conv) {
    return conv.endsWith("downsample.0")
        ? conv.replaceFirst("0$", "1")
        : conv.replaceFirst("conv(\\d)$", "bn$1");
  }

  @Override
  public boolean detects() {
    return body.equals(DETECTOR);
  }

  @Override
  public String lateral(int level) {
    return either("backbone.fpn.inner_blocks.%s".formatted(level - 2), ".0");
  }

  @Override
  public String output(int level) {
    return either("backbone.fpn.layer_blocks.%s".formatted(level - 2), ".0");
  }

  @Override
  public String rpnConv() {
    return either("rpn.head.conv", ".0.0");
  }

  @Override
  public String rpnLogits() {
    return "rpn.head.cls_logits";
  }

  @Override
  public String rpnDeltas() {
    return "rpn.head.bbox_pred";
  }

  @Override
  public List<String> boxLayers() {
    return List.of("roi_heads.box_head.fc6", "roi_heads.box_head.fc7");
  }

  @Override
  public String classLogits() {
    return "roi_heads.box_predictor.cls_score";
  }

  @Override
  public String boxDeltas() {
    return "roi_heads.box_predictor.bbox_pred";
  }

  @Override
  public String maskConv(int number) {
    String old = "roi_heads.mask_head.mask_fcn" + number;
    return names.contains(old + ".weight") ? old : "roi_heads.mask_head.%s.0".formatted(number - 1);
  }

  @Override
  public String maskDeconv() {
    return "roi_heads.mask_predictor.conv5_mask";
  }

  @Override
  public String maskLogits() {
    return "roi_heads.mask_predictor.mask_fcn_logits";
  }

  @Override
  public boolean backgroundFirst() {
    return true;
  }

  @Override
  public boolean rgb() {
    return true;
  }

  /** Of pixels in 0..255. */
  @Override
  public double[] pixelStd() {
    return new double[] {255 * 0.229, 255 * 0.224, 255 * 0.225};
  }

  /**
   * A detector's frozen normalization keeps no count of batches, and torchvision sets its epsilon
   * to 0 for its own COCO weights and what is trained from them.
   */
  @Override
  public double epsilon() {
    return detects() && !names.contains(body + "bn1.num_batches_tracked") ? 0 : 1e-5;
  }

  @Override
  public Map<String, float[]> constants() {
    return Map.of();
  }

  @Override
  public boolean isIgnored(String name) {
    return name.endsWith(".num_batches_tracked") || !detects() && name.startsWith("fc.");
  }

  @Override
  public Map<String, Object> settings(boolean bottleneck) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("MEAN_PIXEL", List.of(123.675, 116.28, 103.53));
    if (bottleneck) {
      settings.put("STRIDE_IN_1X1", false);
    }
    return settings;
  }

  private String either(String name, String suffix) {
    return names.contains(name + ".weight") ? name : name + suffix;
  }
}
