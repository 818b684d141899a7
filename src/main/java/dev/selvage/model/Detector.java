package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.config.Config;
import dev.selvage.geometry.Boxes;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import java.util.Arrays;

/**
 * The heads at inference (He et al. 2017, section 3.1): the box head classifies and refines the
 * proposals of an image, NMS keeps the best, and the mask head runs on these alone.
 */
final class Detector {
  /** Values of a refined detection: box, class, score. */
  private static final int ROW = 6;

  private final Config config;
  private final BoxHead boxHead;
  private final MaskHead maskHead;

  Detector(Config config, BoxHead boxHead, MaskHead maskHead) {
    this.config = config;
    this.boxHead = boxHead;
    this.maskHead = maskHead;
  }

  /**
   * Finds the objects of one image.
   *
   * @param proposals [R,4] normalized, zero padded
   * @param window (y1,x1,y2,x2) in pixels, the part of the image that is photo
   */
  RawDetections detect(Tape tape, Pyramid pyramid, int imageIndex, Tensor proposals, int[] window) {
    int count = Math.toIntExact(proposals.dim(0));
    Variable pooled =
        PyramidRoiAlign.forward(
            tape, pyramid, proposals.download(), repeated(imageIndex, count), config.POOL_SIZE);
    BoxHead.Output output = boxHead.forward(tape, pooled);
    Tensor refined =
        Ops.refineDetections(
            proposals,
            Ops.softmax(output.logits().value()),
            output.deltas().value().reshape(count, config.NUM_CLASSES, 4),
            Boxes.toFloat(
                Boxes.normalize(Boxes.ofPixels(window), pyramid.height(), pyramid.width())),
            config.DETECTION_MAX_INSTANCES,
            config.DETECTION_MIN_CONFIDENCE,
            config.DETECTION_NMS_THRESHOLD,
            config.BBOX_STD_DEV.toArray());
    return withMasks(tape, pyramid, imageIndex, refined.download());
  }

  /**
   * Adds masks to detections.
   *
   * @param rows of box, class and score; the first one of class 0 ends them
   */
  private RawDetections withMasks(Tape tape, Pyramid pyramid, int imageIndex, float[] rows) {
    int count = 0;
    while (ROW * count < rows.length && rows[ROW * count + 4] > 0) {
      count++;
    }
    float[] boxes = new float[4 * count];
    int[] classIds = new int[count];
    float[] scores = new float[count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(rows, ROW * i, boxes, 4 * i, 4);
      classIds[i] = (int) rows[ROW * i + 4];
      scores[i] = rows[ROW * i + 5];
    }
    int side = 2 * config.MASK_POOL_SIZE;
    if (count == 0) {
      return new RawDetections(boxes, classIds, scores, new float[0], side);
    }
    Variable pooled =
        PyramidRoiAlign.forward(
            tape, pyramid, boxes, repeated(imageIndex, count), config.MASK_POOL_SIZE);
    Variable logits = maskHead.forward(tape, pooled, classIds);
    return new RawDetections(boxes, classIds, scores, Ops.sigmoid(logits.value()).download(), side);
  }

  private static int[] repeated(int value, int count) {
    int[] values = new int[count];
    Arrays.fill(values, value);
    return values;
  }
}
