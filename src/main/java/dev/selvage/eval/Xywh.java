package dev.selvage.eval;

import dev.selvage.mask.Rle;

/** COCO's boxes: x, y, width, height in pixels. */
public final class Xywh {
  private Xywh() {}

  /** The tightest box around a mask. */
  public static double[] of(Rle mask) {
    int[] box = mask.box();
    return new double[] {box[1], box[0], box[3] - box[1], box[2] - box[0]};
  }

  static double area(double[] box) {
    return box[2] * box[3];
  }

  /** Intersection over union; over a crowd, intersection over the detection's own area. */
  static double iou(double[] detection, double[] truth, boolean crowd) {
    double width =
        Math.min(detection[0] + detection[2], truth[0] + truth[2])
            - Math.max(detection[0], truth[0]);
    double height =
        Math.min(detection[1] + detection[3], truth[1] + truth[3])
            - Math.max(detection[1], truth[1]);
    if (width <= 0 || height <= 0) {
      return 0;
    }
    double common = width * height;
    return common / (crowd ? area(detection) : area(detection) + area(truth) - common);
  }
}
