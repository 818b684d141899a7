package dev.selvage.eval.analysis;

import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.CategoryMatches;
import dev.selvage.eval.CocoStatistics;
import dev.selvage.eval.CocoStatistics.CategoryScore;
import dev.selvage.eval.IouType;
import java.util.ArrayList;
import java.util.List;

/**
 * AP of a part of the photos or of the classes.
 *
 * @param name for people
 * @param from least number of objects that belongs to the part
 * @param to largest one; -1 for no limit
 * @param size how many photos or classes are in it
 * @param ap -1 where there is nothing to measure
 * @param ap50 likewise
 */
public record ApSlice(String name, int from, int to, int size, double ap, double ap50) {
  /** First number of objects of a photo in each part. */
  private static final int[] PER_PHOTO = {0, 1, 3, 6, 11};

  /** First number of objects of a class in each part: rare, common, frequent, as in LVIS. */
  private static final int[] PER_CLASS = {1, 11, 101};

  /** COCO's AP of photos by how many objects they have. Photos come in the order of their ids. */
  static final class ByObjects {
    private final List<CategoryMatches> parts = new ArrayList<>();
    private final int[] photos = new int[PER_PHOTO.length];

    ByObjects(List<Category> categories, IouType kind) {
      for (int i = 0; i < PER_PHOTO.length; i++) {
        parts.add(new CategoryMatches(categories, kind));
      }
    }

    void add(List<Instance> truths, List<Detection> found) {
      int objects = (int) truths.stream().filter(t -> !t.crowd()).count();
      int part = part(PER_PHOTO, objects);
      photos[part]++;
      parts.get(part).add(truths, found);
    }

    List<ApSlice> slices() {
      List<ApSlice> slices = new ArrayList<>();
      // the first part has no objects, and so no AP
      for (int i = 1; i < PER_PHOTO.length; i++) {
        CocoStatistics statistics = parts.get(i).statistics();
        slices.add(slice(PER_PHOTO, i, "", photos[i], statistics.ap(), statistics.ap50()));
      }
      return slices;
    }
  }

  /** The mean AP of classes by how many objects they have. */
  static List<ApSlice> byFrequency(CocoStatistics statistics) {
    String[] names = {"rare", "common", "frequent"};
    List<ApSlice> slices = new ArrayList<>();
    for (int i = 0; i < PER_CLASS.length; i++) {
      int part = i;
      List<CategoryScore> classes =
          statistics.categories().stream()
              .filter(c -> c.truths() > 0 && part(PER_CLASS, c.truths()) == part)
              .toList();
      slices.add(
          slice(
              PER_CLASS,
              i,
              names[i] + ", ",
              classes.size(),
              classes.stream().mapToDouble(CategoryScore::ap).average().orElse(-1),
              classes.stream().mapToDouble(CategoryScore::ap50).average().orElse(-1)));
    }
    return slices;
  }

  private static ApSlice slice(int[] firsts, int i, String name, int size, double ap, double ap50) {
    boolean last = i + 1 == firsts.length;
    int to = last ? -1 : firsts[i + 1] - 1;
    String range = last ? firsts[i] + " or more" : firsts[i] + " to " + to;
    return new ApSlice(name + range, firsts[i], to, size, ap, ap50);
  }

  private static int part(int[] firsts, int count) {
    int part = 0;
    while (part + 1 < firsts.length && count >= firsts[part + 1]) {
      part++;
    }
    return part;
  }
}
