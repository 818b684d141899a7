package dev.selvage.submission;

import dev.selvage.data.Detection;
import dev.selvage.mask.Rle;
import java.util.ArrayList;
import java.util.List;

/** Makes the masks of a photo disjoint. */
public final class OverlapRemover {
  private OverlapRemover() {}

  /**
   * Gives each pixel to the first of the objects that claim it; objects left without any are
   * dropped. Boxes stay as they are.
   *
   * @param found of one photo, highest score first
   */
  public static List<Detection> firstWins(List<Detection> found) {
    List<Detection> apart = new ArrayList<>();
    Rle taken = null;
    for (Detection object : found) {
      Rle mask = object.mask();
      Rle rest = taken == null ? mask : mask.minus(taken);
      if (rest.area() > 0) {
        apart.add(
            new Detection(object.classId(), object.score(), object.box(), object.area(), rest));
        taken = taken == null ? rest : Rle.union(List.of(taken, rest), mask.height(), mask.width());
      }
    }
    return apart;
  }
}
