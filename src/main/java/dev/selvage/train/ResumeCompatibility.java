package dev.selvage.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Dataset;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunInfo;
import dev.selvage.run.RunSplit;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What must not change when a run is continued. */
final class ResumeCompatibility {
  private ResumeCompatibility() {}

  /**
   * Compares a run with the settings that continue it.
   *
   * @param seed null where none is asked for
   * @throws UserError naming the first thing that has changed
   */
  static void require(
      RunFolder folder, RunInfo run, Config before, Dataset dataset, Config now, Long seed) {
    if (!RunSplit.isUnchanged(folder.dir(), run, dataset)) {
      throw new UserError(
          "--data: expected the dataset of %s (%s, %d photos), found other photos or annotations (%s, %d photos); --new starts another run"
              .formatted(
                  folder.dir(), run.dataset(), run.photos(), dataset.name(), dataset.size()));
    }
    if (seed != null && seed != run.seed()) {
      throw new UserError(
          "--seed: expected %d as at the start of %s, found %d; --new starts another run"
              .formatted(run.seed(), folder.dir(), seed));
    }
    Map<String, String> expected = fixed(before);
    Map<String, String> found = fixed(now);
    for (Map.Entry<String, String> key : expected.entrySet()) {
      if (!key.getValue().equals(found.get(key.getKey()))) {
        throw new UserError(
            "%s: expected %s as at the start of %s, found %s; --new starts another run"
                .formatted(key.getKey(), key.getValue(), folder.dir(), found.get(key.getKey())));
      }
    }
  }

  /** Lines about the settings that go on with another value. */
  static List<String> changes(Config before, Config now) {
    JsonNode old = json(before);
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, JsonNode> key : json(now).properties()) {
      if (!key.getValue().equals(old.get(key.getKey()))) {
        lines.add(
            "%s: was %s, is now %s".formatted(key.getKey(), old.get(key.getKey()), key.getValue()));
      }
    }
    return lines;
  }

  private static JsonNode json(Config config) {
    try {
      return new ObjectMapper().readTree(ConfigWriter.toJson(config, Map.of()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The settings that describe the run's name, the model and the photos held out. */
  static Map<String, String> fixed(Config c) {
    Map<String, String> fixed = new LinkedHashMap<>();
    fixed.put("NAME", c.NAME);
    fixed.put("BACKBONE", c.BACKBONE);
    fixed.put("BACKBONE_WIDTH", Integer.toString(c.BACKBONE_WIDTH));
    fixed.put("STRIDE_IN_1X1", Boolean.toString(c.STRIDE_IN_1X1));
    fixed.put("NUM_CLASSES", Integer.toString(c.NUM_CLASSES));
    fixed.put("TOP_DOWN_PYRAMID_SIZE", Integer.toString(c.TOP_DOWN_PYRAMID_SIZE));
    fixed.put("RPN_CHANNELS", Integer.toString(c.RPN_CHANNELS));
    fixed.put("MASK_CHANNELS", Integer.toString(c.MASK_CHANNELS));
    fixed.put("FPN_CLASSIF_FC_LAYERS_SIZE", Integer.toString(c.FPN_CLASSIF_FC_LAYERS_SIZE));
    fixed.put("RPN_ANCHOR_RATIOS", c.RPN_ANCHOR_RATIOS.toString());
    fixed.put("RPN_ANCHOR_SCALES", c.RPN_ANCHOR_SCALES.toString());
    fixed.put("POOL_SIZE", Integer.toString(c.POOL_SIZE));
    fixed.put("MASK_POOL_SIZE", Integer.toString(c.MASK_POOL_SIZE));
    fixed.put("VALIDATION_FRACTION", Float.toString(c.VALIDATION_FRACTION));
    fixed.put("FOLD", Integer.toString(c.FOLD));
    return fixed;
  }
}
