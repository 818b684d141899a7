package dev.selvage.report;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names short enough for a picture: the first of several synonyms ("top, t-shirt, sweatshirt" is
 * "top") unless another class has the same one, and never more than {@value #LONGEST} characters.
 */
public final class CategoryNames {
  private static final int LONGEST = 20;

  private final String[] shortNames;

  /**
   * Shortens the names of all classes.
   *
   * @param names in class order: class c is {@code names.get(c - 1)}
   */
  public CategoryNames(List<String> names) {
    Map<String, Integer> uses = new HashMap<>();
    names.forEach(name -> uses.merge(firstSynonym(name), 1, Integer::sum));
    shortNames =
        names.stream()
            .map(name -> uses.get(firstSynonym(name)) == 1 ? firstSynonym(name) : printable(name))
            .map(CategoryNames::cut)
            .toArray(String[]::new);
  }

  /**
   * The short name of a class.
   *
   * @param classId the model's class, from 1
   */
  public String of(int classId) {
    return shortNames[classId - 1];
  }

  private static String firstSynonym(String name) {
    String first = printable(name).split("[,;/]", 2)[0].strip();
    return first.isEmpty() ? printable(name) : first;
  }

  /** OpenCV's fonts hold ASCII alone: accents are dropped, other letters become question marks. */
  static String printable(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFD)
        .replaceAll("\\p{M}", "")
        .replaceAll("[^\\x20-\\x7e]", "?")
        .strip();
  }

  private static String cut(String name) {
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST - 2).stripTrailing() + "..";
  }
}
