package dev.selvage.config;

import dev.selvage.util.UserError;
import java.util.Arrays;
import java.util.Set;

/**
 * Matterport's LEARNING_RATE and LEARNING_MOMENTUM are LRS and MOMS with one value for all stages.
 * The later source wins, whichever of the two it names; afterwards both say the same.
 */
final class SingleRates {
  private static final Config DEFAULTS = new Config();

  private SingleRates() {}

  /**
   * Makes the pairs agree after one source was applied.
   *
   * @param keys that the source names
   * @param whole whether the source is a file, which may list every key there is, so that a default
   *     in it contradicts nothing
   * @throws UserError if the source gives a pair two values
   */
  static void spread(Config c, Set<String> keys, String source, boolean whole) {
    if (keys.contains("LEARNING_RATE")) {
      if (!keys.contains("LRS")) {
        c.LRS = new float[] {c.LEARNING_RATE};
      } else if (!whole || c.LEARNING_RATE != DEFAULTS.LEARNING_RATE) {
        requireFirst("LEARNING_RATE", c.LEARNING_RATE, "LRS", c.LRS, source);
      }
    }
    if (keys.contains("LEARNING_MOMENTUM")) {
      if (!keys.contains("MOMS")) {
        c.MOMS = new float[] {c.LEARNING_MOMENTUM};
      } else if (!whole || c.LEARNING_MOMENTUM != DEFAULTS.LEARNING_MOMENTUM) {
        requireFirst("LEARNING_MOMENTUM", c.LEARNING_MOMENTUM, "MOMS", c.MOMS, source);
      }
    }
    // an empty list is refused later
    c.LEARNING_RATE = c.LRS.length == 0 ? c.LEARNING_RATE : c.LRS[0];
    c.LEARNING_MOMENTUM = c.MOMS.length == 0 ? c.LEARNING_MOMENTUM : c.MOMS[0];
  }

  private static void requireFirst(
      String singleKey, float single, String listKey, float[] list, String source) {
    if (list.length > 0 && list[0] != single) {
      throw new UserError(
          "%s: %s must be the first of %s where both are given, found %s and %s"
              .formatted(source, singleKey, listKey, single, Arrays.toString(list)));
    }
  }
}
