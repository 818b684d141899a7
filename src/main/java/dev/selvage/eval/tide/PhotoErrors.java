package dev.selvage.eval.tide;

import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import java.util.List;

/**
 * The mistakes in one photo, each of one type (Bolya et al. 2020, "TIDE"): a detection is right
 * where it has an IoU of at least 0.5 with a true object of its class that no detection of a higher
 * score took; an IoU of at most 0.1 is background. At most 100 detections count, those of the
 * highest scores.
 *
 * @param order the detections that count, by their places as they were given, in descending order
 *     of their scores
 * @param truthOf for each detection the true object that it found, or -1
 * @param foundBy for each true object the detection that found it, or -1
 * @param ignored for each detection whether it lies in a crowd of its class, so that it is neither
 *     right nor wrong
 * @param mistakes the detections' by score, then the missed objects that no mended one finds
 */
public record PhotoErrors(
    int[] order, int[] truthOf, int[] foundBy, boolean[] ignored, List<Mistake> mistakes) {
  /** Least IoU of a right detection. */
  public static final double RIGHT = 0.5;

  /** Largest IoU of a detection with the background. */
  public static final double BACKGROUND = 0.1;

  /**
   * One mistake.
   *
   * @param detection its place among the detections as they were given; -1 for a missed object
   * @param truth the object that it is about; -1 for none
   * @param mends whether the detection becomes right when the mistake is mended; else it is left
   *     out then. Of several mistakes about one object the detection with the highest score does
   */
  public record Mistake(ErrorType type, int detection, int truth, boolean mends) {}

  /**
   * Sorts out one photo.
   *
   * @param overlaps IoU [detections][truths]; with a crowd the part of the detection that lies in
   *     it
   */
  public static PhotoErrors of(List<Instance> truths, List<Detection> found, double[][] overlaps) {
    return new ErrorSorter(truths, found, overlaps).sort();
  }
}
