package dev.selvage.weights.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Detectron2's {@code mask_rcnn_R_*_FPN} with the two-layer box head, as its model zoo has it. */
final class Detectron2Naming implements NamingConvention {
  private static final String BODY = "backbone.bottom_up.";

  private Detectron2Naming() {}

  /** The convention that these names follow, or null if they are not Detectron2's. */
  static Detectron2Naming of(Set<String> names) {
    return names.contains(BODY + "stem.conv1.weight") ? new Detectron2Naming() : null;
  }

  @Override
  public String model() {
    return "Detectron2's Mask R-CNN";
  }

  @Override
  public String stem() {
    return BODY + "stem.conv1";
  }

  @Override
  public String conv(int stage, int block, int conv) {
    return "%sres%s.%s.%s".formatted(BODY, stage, block, conv == 0 ? "shortcut" : "conv" + conv);
  }

  @Override
  public String norm(String conv) {
    return conv + ".norm";
  }

  @Override
  public boolean detects() {
    return true;
  }

  @Override
  public String lateral(int level) {
    return "backbone.fpn_lateral" + level;
  }

  @Override
  public String output(int level) {
    return "backbone.fpn_output" + level;
  }

  @Override
  public String rpnConv() {
    return "proposal_generator.rpn_head.conv";
  }

  @Override
  public String rpnLogits() {
    return "proposal_generator.rpn_head.objectness_logits";
  }

  @Override
  public String rpnDeltas() {
    return "proposal_generator.rpn_head.anchor_deltas";
  }

  @Override
  public List<String> boxLayers() {
    return List.of("roi_heads.box_head.fc1", "roi_heads.box_head.fc2");
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
    return "roi_heads.mask_head.mask_fcn" + number;
  }

  @Override
  public String maskDeconv() {
    return "roi_heads.mask_head.deconv";
  }

  @Override
  public String maskLogits() {
    return "roi_heads.mask_head.predictor";
  }

  @Override
  public boolean backgroundFirst() {
    return false;
  }

  @Override
  public boolean rgb() {
    return false;
  }

  @Override
  public double[] pixelStd() {
    return new double[] {1, 1, 1};
  }

  @Override
  public double epsilon() {
    return 1e-5;
  }

  /** Means and deviations (blue, green, red) and the anchors (x1,y1,x2,y2) of its defaults. */
  @Override
  public Map<String, float[]> constants() {
    Map<String, float[]> constants = new LinkedHashMap<>();
    constants.put("pixel_mean", new float[] {103.53f, 116.28f, 123.675f});
    constants.put("pixel_std", new float[] {1, 1, 1});
    for (int level = 0; level < 5; level++) {
      float[] anchors = new float[3 * 4];
      for (int ratio = 0; ratio < 3; ratio++) {
        double height = (32 << level) * Math.sqrt(0.5 * (1 << ratio));
        double width = height / (0.5 * (1 << ratio));
        anchors[4 * ratio] = (float) (-width / 2);
        anchors[4 * ratio + 1] = (float) (-height / 2);
        anchors[4 * ratio + 2] = (float) (width / 2);
        anchors[4 * ratio + 3] = (float) (height / 2);
      }
      constants.put("proposal_generator.anchor_generator.cell_anchors." + level, anchors);
    }
    return constants;
  }

  @Override
  public boolean isIgnored(String name) {
    return name.endsWith(".num_batches_tracked");
  }

  @Override
  public Map<String, Object> settings(boolean bottleneck) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("MEAN_PIXEL", List.of(123.675, 116.28, 103.53));
    if (bottleneck) {
      settings.put("STRIDE_IN_1X1", true); // as in the weights that its zoo's models began from
    }
    return settings;
  }
}
