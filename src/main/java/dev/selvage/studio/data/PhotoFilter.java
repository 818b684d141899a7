package dev.selvage.studio.data;

import dev.selvage.data.Dataset;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Which photos of a dataset are shown, and in which order.
 *
 * @param classIds classes that a photo must show, all of them; empty for any
 * @param leastArea pixels of the mask of an object of these classes, or of any where none is named
 * @param mostArea likewise
 * @param leastObjects of the photo
 * @param mostObjects likewise
 * @param name a part of the file's name, in capital or small letters; empty for any
 * @param within sets of photos of which each must hold the photo
 * @param order of the photos
 */
record PhotoFilter(
    List<Integer> classIds,
    int leastArea,
    int mostArea,
    int leastObjects,
    int mostObjects,
    String name,
    List<BitSet> within,
    Order order) {
  /** The order of the photos that fit. */
  enum Order {
    /** By the file's name, which is the order of the dataset. */
    NAME,
    /** Those with few objects first. */
    FEWEST,
    /** Those with many objects first. */
    MOST
  }

  /** The photos that fit, by their indices in the dataset. */
  int[] photos(Dataset dataset, PhotoTable table) {
    String part = name.toLowerCase(Locale.ROOT);
    IntStream fitting =
        IntStream.range(0, table.photos())
            .filter(photo -> within.stream().allMatch(set -> set.get(photo)))
            .filter(photo -> table.objects(photo) >= leastObjects)
            .filter(photo -> table.objects(photo) <= mostObjects)
            .filter(photo -> showsAll(table, photo))
            .filter(
                photo ->
                    part.isEmpty()
                        || dataset.fileName(photo).toLowerCase(Locale.ROOT).contains(part));
    if (order == Order.NAME) {
      return fitting.toArray();
    }
    Comparator<Integer> byObjects = Comparator.comparingInt(table::objects);
    return fitting
        .boxed()
        .sorted(order == Order.FEWEST ? byObjects : byObjects.reversed())
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private boolean showsAll(PhotoTable table, int photo) {
    if (classIds.isEmpty()) {
      boolean any = leastArea == 0 && mostArea == Integer.MAX_VALUE;
      return any || table.shows(photo, 0, leastArea, mostArea);
    }
    return classIds.stream().allMatch(c -> table.shows(photo, c, leastArea, mostArea));
  }
}
