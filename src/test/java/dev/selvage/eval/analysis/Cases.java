package dev.selvage.eval.analysis;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.tide.PhotoErrors;
import dev.selvage.mask.Rle;
import java.util.List;

/** Photos whose overlaps are given, so that results can be worked out by hand. */
final class Cases {
  private static final Rle NOTHING = Rle.empty(1, 1);
  private static final Box BOX = new Box(0, 0, 1, 1);

  private Cases() {}

  static Instance truth(int classId) {
    return new Instance(classId, NOTHING, false);
  }

  static Instance crowd(int classId) {
    return new Instance(classId, NOTHING, true);
  }

  static Detection found(int classId, double score) {
    return new Detection(classId, score, BOX, NOTHING);
  }

  /** A photo with an overlap for each pair, [found][truths]. */
  static JudgedPhoto photo(List<Instance> truths, List<Detection> found, double[]... overlaps) {
    return new JudgedPhoto(
        "photo",
        1,
        1,
        truths.stream().map(JudgedPhoto.Truth::of).toList(),
        found.stream().map(JudgedPhoto.Find::of).toList(),
        overlaps,
        PhotoErrors.of(truths, found, overlaps),
        Double.NaN);
  }

  static double[] row(double... overlaps) {
    return overlaps;
  }
}
