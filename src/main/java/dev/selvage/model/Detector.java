package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.config.Config;
import dev.selvage.geometry.Boxes;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import java.util.function.Function;

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
    BoxHead.Output output = boxes(tape, pyramid, imageIndex, proposals.download());
    Tensor refined =
        Ops.refineDetections(
            proposals,
            Ops.softmax(output.logits().value()),
            output.deltas().value().reshape(count, config.NUM_CLASSES, 4),
            normalized(window, pyramid),
            config.DETECTION_MAX_INSTANCES,
            config.DETECTION_MIN_CONFIDENCE,
            config.DETECTION_NMS_THRESHOLD,
            config.BBOX_STD_DEV.toArray());
    return withMasks(tape, pyramid, imageIndex, refined.download());
  }

  /**
   * What the heads say about one image before any choice of {@link #detect}'s settings.
   *
   * @param proposals [R,4] normalized, zero padded
   * @param window (y1,x1,y2,x2) in pixels, the part of the image that is photo
   * @param minScore of the candidates, above 0
   * @param choice the places of the candidates to keep, which alone get masks
   */
  Candidates candidates(
      Tape tape,
      Pyramid pyramid,
      int imageIndex,
      Tensor proposals,
      int[] window,
      float minScore,
      Function<Candidates, int[]> choice) {
    float[] rois = proposals.download();
    BoxHead.Output output = boxes(tape, pyramid, imageIndex, rois);
    float[] deltas = output.deltas().value().download();
    float[] photo = normalized(window, pyramid);
    float[] deviations = config.BBOX_STD_DEV.toArray();
    int classes = config.NUM_CLASSES;
    Candidates all =
        Candidates.of(
            Ops.softmax(output.logits().value()).download(),
            classes,
            i -> clipped(Boxes.refined(rois, i / classes, deltas, i, deviations), photo),
            minScore,
            2 * config.MASK_POOL_SIZE);
    Candidates kept = all.only(choice.apply(all));
    return kept.withMasks(masks(tape, pyramid, imageIndex, kept.boxes(), kept.classIds()));
  }

  private BoxHead.Output boxes(Tape tape, Pyramid pyramid, int imageIndex, float[] rois) {
    Variable pooled =
        PyramidRoiAlign.forward(
            tape,
            pyramid,
            Tensor.of(rois, rois.length / 4, 4),
            repeated(imageIndex, rois.length / 4),
            config.POOL_SIZE);
    return boxHead.forward(tape, pooled);
  }

  private static float[] normalized(int[] window, Pyramid pyramid) {
    return Boxes.toFloat(
        Boxes.normalize(Boxes.ofPixels(window), pyramid.height(), pyramid.width()));
  }

  /** NaN becomes the lower bound, as in the kernel. */
  private static float[] clipped(double[] box, float[] to) {
    float[] values = new float[4];
    for (int k = 0; k < 4; k++) {
      double low = to[k % 2];
      double high = to[k % 2 + 2];
      values[k] = (float) (box[k] > low ? Math.min(box[k], high) : low);
    }
    return values;
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
    float[] masks = masks(tape, pyramid, imageIndex, boxes, classIds);
    return new RawDetections(boxes, classIds, scores, masks, 2 * config.MASK_POOL_SIZE);
  }

  /** Probabilities [D,S,S] of the masks of boxes [D,4]. */
  private float[] masks(Tape tape, Pyramid pyramid, int imageIndex, float[] boxes, int[] classIds) {
    if (classIds.length == 0) {
      return new float[0];
    }
    Variable pooled =
        PyramidRoiAlign.forward(
            tape,
            pyramid,
            Tensor.of(boxes, classIds.length, 4),
            repeated(imageIndex, classIds.length),
            config.MASK_POOL_SIZE);
    return Ops.sigmoid(maskHead.forward(tape, pooled, Ops.list(classIds)).value()).download();
  }

  private static Tensor repeated(int value, int count) {
    Tensor values = Tensor.allocate(count);
    values.fill(value);
    return values;
  }
}
