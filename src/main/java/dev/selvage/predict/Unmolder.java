package dev.selvage.predict;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import java.util.ArrayList;
import java.util.List;

/** Maps the model's detections back to the original photo (Matterport's unmold_detections). */
public final class Unmolder {
  private Unmolder() {}

  /**
   * Detections of one photo. Those whose box is empty in whole pixels are dropped. The mask lies in
   * the box rounded to whole pixels, halves to even; the box itself keeps its fractions.
   *
   * @param boxes [D,4] flat normalized (y1,x1,y2,x2) of the model's image
   * @param classIds [D] in 1..K-1
   * @param scores [D]
   * @param masks [D,side,side] flat probabilities of the detection's class
   * @param molding the photo's place in the model's image
   * @param maskThreshold lowest probability of a mask's pixels
   */
  public static List<Detection> unmold(
      float[] boxes,
      int[] classIds,
      float[] scores,
      float[] masks,
      int side,
      Molding molding,
      double maskThreshold) {
    List<Detection> found = new ArrayList<>();
    for (int i = 0; i < classIds.length; i++) {
      double[] box = molding.toPhoto(boxes, i);
      int[] pixels = molding.toPixels(boxes, i);
      if (pixels[2] > pixels[0] && pixels[3] > pixels[1]) {
        int offset = i * side * side;
        found.add(
            new Detection(
                classIds[i],
                scores[i],
                new Box(box[1], box[0], box[3] - box[1], box[2] - box[0]),
                MaskPaster.paste(
                    masks,
                    offset,
                    side,
                    pixels,
                    molding.height(),
                    molding.width(),
                    maskThreshold)));
      }
    }
    return found;
  }
}
