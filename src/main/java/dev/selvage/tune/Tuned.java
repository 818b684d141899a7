package dev.selvage.tune;

import dev.selvage.data.Category;
import dev.selvage.predict.DetectionRules;
import dev.selvage.predict.View;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rules that were tuned for weights, and what they are worth.
 *
 * @param weights SHA-256 of the weight files, joined by "+" in ascending order
 * @param categories of the weights in class order
 * @param measure that the rules improve, by its name
 * @param dataset that they were tuned on
 * @param photos how many photos of it
 * @param before the measure on these photos with the settings of the model
 * @param expected the measure on photos that the rules were not tuned on, but for {@link #isByHand}
 * @param views of each photo that the rules are for, the plain one first
 * @param rules the rules
 */
public record Tuned(
    String weights,
    List<Category> categories,
    String measure,
    String dataset,
    int photos,
    double before,
    double expected,
    List<View> views,
    DetectionRules rules) {
  /**
   * The measure of score thresholds that a person set, and saw the effect of on the same photos.
   */
  public static final String BY_HAND = "f1 by hand";

  /** Whether the expected measure is that of the photos that the rules were chosen on. */
  public boolean isByHand() {
    return measure.equals(BY_HAND);
  }

  /**
   * Refuses rules for something else.
   *
   * @param file that they come from
   * @param hash of the weights to use, as {@link #weights}
   * @param wanted the categories of these weights
   * @throws UserError other weights, or other categories
   */
  public void requireFor(Path file, String hash, List<Category> wanted) {
    if (categories.size() != wanted.size()) {
      throw new UserError(
          "%s: expected settings that were tuned for the %d categories of the weights, found %d"
              .formatted(file, wanted.size(), categories.size()));
    }
    for (int c = 0; c < wanted.size(); c++) {
      String expectedName = describe(wanted.get(c));
      String found = describe(categories.get(c));
      if (!found.equals(expectedName)) {
        throw new UserError(
            "%s: expected the categories of the weights, where class %d is %s, found %s"
                .formatted(file, c + 1, expectedName, found));
      }
    }
    if (!weights.equals(hash)) {
      throw new UserError(
          "%s: expected settings that were tuned for these weights (SHA-256 %s), found those for others (%s); run `tune` on these"
              .formatted(file, shortened(hash), shortened(weights)));
    }
  }

  private static String shortened(String hashes) {
    return Arrays.stream(hashes.split("\\+"))
        .map(hash -> hash.substring(0, Math.min(12, hash.length())))
        .collect(Collectors.joining(" + "));
  }

  private static String describe(Category category) {
    return "\"%s\" (id %d)".formatted(category.name(), category.id());
  }
}
