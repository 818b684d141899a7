package dev.selvage.eval.fashionpedia;

import java.util.List;
import java.util.Set;

/** The 46 categories of Fashionpedia, by their ids. */
public final class FashionpediaCategories {
  /** How many there are; their ids count from 0. */
  public static final int COUNT = 46;

  private static final Set<Integer> WITH_ATTRIBUTES =
      Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 28, 29, 31, 32, 33);

  /**
   * A group of categories.
   *
   * @param key its letter in the names of the results
   * @param to exclusive
   */
  record Group(String key, int from, int to) {
    boolean contains(int id) {
      return id >= from && id < to;
    }
  }

  static final Group OUTERWEAR = new Group("o", 0, 13);
  static final Group ACCESSORIES = new Group("a", 13, 27);
  static final Group PARTS = new Group("p", 27, COUNT);

  private FashionpediaCategories() {}

  /** Whether the ids of a file are some of Fashionpedia's. */
  public static boolean are(List<Integer> ids) {
    return ids.stream().allMatch(id -> id >= 0 && id < COUNT);
  }

  /** Whether objects of a category have attributes. */
  static boolean hasAttributes(int id) {
    return WITH_ATTRIBUTES.contains(id);
  }
}
