package dev.selvage.config;

import com.fasterxml.jackson.databind.node.FloatNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Matterport's LEARNING_RATE and LEARNING_MOMENTUM are LRS and MOMS with one value for all stages.
 * The later source wins, whichever key it uses. Afterwards LEARNING_RATE is the first of LRS, and
 * LEARNING_MOMENTUM the first of MOMS.
 */
final class SingleRates {
  private static final Config DEFAULTS = new Config(Map.of());

  private SingleRates() {}

  /**
   * The settings of one source with both keys of a pair where it has one of them.
   *
   * @param read what the source alone says
   * @param isFile whether the source is a file. It may list every key there is, so that a default
   *     in it contradicts nothing.
   * @throws dev.selvage.util.UserError the source gives a pair two values
   */
  static Map<String, Setting> spread(Map<String, Setting> source, Config read, boolean isFile) {
    Map<String, Setting> settings = new LinkedHashMap<>(source);
    boolean isDefaultRate = isFile && read.LEARNING_RATE == DEFAULTS.LEARNING_RATE;
    spread(settings, "LEARNING_RATE", read.LEARNING_RATE, "LRS", read.LRS, isDefaultRate);
    boolean isDefaultMomentum = isFile && read.LEARNING_MOMENTUM == DEFAULTS.LEARNING_MOMENTUM;
    spread(
        settings,
        "LEARNING_MOMENTUM",
        read.LEARNING_MOMENTUM,
        "MOMS",
        read.MOMS,
        isDefaultMomentum);
    return settings;
  }

  private static void spread(
      Map<String, Setting> settings,
      String singleKey,
      float single,
      String listKey,
      PerStage<Float> list,
      boolean ignoreSingle) {
    Setting given = settings.get(singleKey);
    if (!settings.containsKey(listKey)) {
      if (given != null) {
        settings.put(listKey, given.as(listKey));
      }
      return;
    }
    if (given != null && !ignoreSingle && single != list.at(0)) {
      throw given.error(
          "must be the first of %s where both are given, found %s and %s"
              .formatted(listKey, single, list.values()));
    }
    settings.put(singleKey, Setting.ofJson(singleKey, "", FloatNode.valueOf(list.at(0))));
  }
}
