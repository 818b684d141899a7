package dev.selvage.model;

import dev.selvage.config.Config;
import dev.selvage.geometry.Anchors;
import dev.selvage.geometry.Boxes;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/**
 * The proposal layer (Ren et al. 2015, section 3.3): the best anchors, refined, clipped and thinned
 * by NMS.
 */
final class Proposals {
  private final Config config;
  private int height;
  private int width;
  private float[] anchors = {};

  Proposals(Config config) {
    this.config = config;
  }

  /**
   * Boxes that may hold an object.
   *
   * @param count of boxes of an image
   * @return [N,count,4] normalized, by falling score, zero padded
   */
  Tensor propose(Rpn.Maps maps, int count, int imageHeight, int imageWidth) {
    if (imageHeight != height || imageWidth != width) {
      double[] pixels =
          Anchors.pyramid(
              config.RPN_ANCHOR_SCALES.toArray(),
              config.RPN_ANCHOR_RATIOS.toArray(),
              imageHeight,
              imageWidth,
              config.BACKBONE_STRIDES.toArray(),
              config.RPN_ANCHOR_STRIDE);
      anchors = Boxes.toFloat(Boxes.normalize(pixels, imageHeight, imageWidth));
      height = imageHeight;
      width = imageWidth;
    }
    int total = anchors.length / 4;
    return Ops.propose(
        maps.logits(),
        maps.deltas(),
        Tensor.of(anchors, total, 4),
        count,
        Math.min(config.PRE_NMS_LIMIT, total),
        config.RPN_NMS_THRESHOLD,
        config.RPN_BBOX_STD_DEV.toArray());
  }
}
