package dev.selvage.predict;

import dev.selvage.mask.Rle;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Which object keeps the pixels that the masks of several objects of a photo claim. */
public enum Overlaps {
  /** All of them: masks may overlap. */
  KEEP,
  /** The object with the highest score. */
  SCORE,
  /** The object with the smallest mask, since small parts lie on large garments. */
  SMALL;

  /**
   * The pixels that each object keeps.
   *
   * @param masks of one photo, all of one size, highest score first; null for an object without any
   * @return in the same order, null where nothing is left
   */
  Rle[] visible(Rle[] masks) {
    if (this == KEEP) {
      return masks;
    }
    int[] order =
        IntStream.range(0, masks.length)
            .filter(i -> masks[i] != null)
            .boxed()
            .sorted(Comparator.comparingInt(i -> this == SMALL ? masks[i].area() : i))
            .mapToInt(Integer::intValue)
            .toArray();
    Rle[] visible = new Rle[masks.length];
    Rle taken = null;
    for (int i : order) {
      Rle mask = masks[i];
      boolean apart = taken == null || taken.intersection(mask) == 0;
      Rle rest = apart ? mask : mask.minus(taken);
      if (rest.area() > 0) {
        visible[i] = rest;
        taken = taken == null ? rest : Rle.union(List.of(taken, rest), mask.height(), mask.width());
      }
    }
    return visible;
  }

  /** The name in a file of settings. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names of all. */
  public static List<String> texts() {
    return Arrays.stream(values()).map(Overlaps::text).toList();
  }
}
