package dev.selvage.eval.analysis;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.tide.PhotoErrors;
import java.util.Comparator;
import java.util.List;

/**
 * A photo with its true objects, what was found in it, and how the two fit. Masks are not kept.
 *
 * @param name of its file, or its id
 * @param height pixels
 * @param found as they were given
 * @param overlaps IoU [found][truths] by masks, or by boxes where the truth has no masks; with a
 *     crowd the part of the detection that lies in it
 * @param errors by the same overlaps
 * @param score of the measure of Kaggle's 2019; NaN without masks
 */
public record JudgedPhoto(
    String name,
    int height,
    int width,
    List<Truth> truths,
    List<Find> found,
    double[][] overlaps,
    PhotoErrors errors,
    double score) {
  /** By the score, which is the same for all without masks, and then by the number of mistakes. */
  public static final Comparator<JudgedPhoto> HARDEST_FIRST =
      Comparator.comparingDouble(JudgedPhoto::score)
          .thenComparing(photo -> -photo.errors.mistakes().size());

  /** A true object. */
  public record Truth(int classId, Box box, boolean crowd) {
    static Truth of(Instance instance) {
      return new Truth(instance.classId(), instance.box(), instance.crowd());
    }
  }

  /** A detection. */
  public record Find(int classId, double score, Box box) {
    static Find of(Detection detection) {
      return new Find(detection.classId(), detection.score(), detection.box());
    }
  }

  /** The largest overlap of a detection with any single object. */
  public double largestOverlap(int find) {
    double largest = 0;
    for (int t = 0; t < truths.size(); t++) {
      largest = truths.get(t).crowd() ? largest : Math.max(largest, overlaps[find][t]);
    }
    return largest;
  }

  /**
   * How telling an example is: the score of its detection, or its object's part of the photo.
   *
   * @param truth the object; counts where there is no detection
   * @param find the detection; negative for none
   */
  public double weight(int truth, int find) {
    return find >= 0
        ? found.get(find).score()
        : truths.get(truth).box().area() / ((double) height * width);
  }
}
