package dev.selvage.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.split.Split;
import dev.selvage.data.split.SplitCode;
import dev.selvage.util.JsonErrors;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a weight file says about itself, so that it can be used without the folder of its run: the
 * settings, the categories and which photos were held out. It is one text in the form of a
 * config.json. It holds nothing that differs between two runs of the same training, such as paths
 * or times.
 *
 * @param file that says it
 * @param json the settings, and what else describes the training under {@code about}
 * @param training what is there under {@code about}; empty for weights of another program
 */
public record WeightsInfo(Path file, String json, Optional<Training> training) {
  /**
   * The training that made the weights.
   *
   * @param seed of the split and of all sampling
   * @param dataset its name
   * @param photos of the dataset
   * @param categories of the dataset in class order
   * @param split which photos were held out
   */
  public record Training(
      long seed, String dataset, int photos, List<Category> categories, SplitCode split) {}

  /** The name of the text in a weight file. */
  private static final String KEY = "config";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII.mappedFeature());

  /** The texts to write into a run's weight files. */
  public static Map<String, String> texts(Config config, Dataset dataset, Split split, long seed) {
    Training training =
        new Training(
            seed,
            dataset.name(),
            dataset.size(),
            dataset.categories(),
            SplitCode.of(split, dataset));
    Map<String, ?> about =
        JSON.convertValue(
            training,
            JSON.getTypeFactory()
                .constructMapType(LinkedHashMap.class, String.class, Object.class));
    return text(ConfigWriter.toJson(config, about));
  }

  /**
   * The texts to write into weights that come from another program.
   *
   * @param settings by key
   */
  public static Map<String, String> texts(Map<String, Object> settings) {
    return text(JSON.valueToTree(settings).toString());
  }

  /** On one line, and in ASCII as HDF5's older texts are. */
  private static Map<String, String> text(String json) {
    try {
      return Map.of(KEY, JSON.writeValueAsString(JSON.readTree(json)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads the texts of a weight file.
   *
   * @return empty where the file says nothing
   * @throws UserError if they are damaged
   */
  public static Optional<WeightsInfo> of(Path file, Map<String, String> texts) {
    String json = texts.get(KEY);
    if (json == null) {
      return Optional.empty();
    }
    try {
      JsonNode about = JSON.readTree(json).path("about");
      Optional<Training> training =
          about.isMissingNode()
              ? Optional.empty()
              : Optional.of(JSON.treeToValue(about, Training.class));
      return Optional.of(new WeightsInfo(file, json, training));
    } catch (JsonProcessingException e) {
      throw new UserError(
          "%s: expected the settings of its training, found damaged ones (%s)"
              .formatted(file, JsonErrors.reason(e)),
          e);
    }
  }

  /**
   * The settings that the weights were trained with.
   *
   * @param changes single settings that replace them, each {@code KEY=VALUE}
   * @throws UserError as {@link ConfigReader#read}
   */
  public Config config(List<String> changes) {
    return ConfigReader.readText(json, file.toString(), changes);
  }

  /** The categories of the training in class order; empty where they are not known. */
  public List<Category> categories() {
    return training.map(Training::categories).orElse(List.of());
  }

  /** Whether a run's folder can be the one that these weights come from. */
  public boolean isOf(RunInfo run) {
    return training
        .map(
            t ->
                t.seed == run.seed()
                    && t.photos == run.photos()
                    && t.dataset.equals(run.dataset())
                    && t.categories.equals(run.categories()))
        .orElse(false);
  }

  /**
   * The split of the training, for a dataset with the same photos.
   *
   * @return empty where the file does not know it or the dataset has other photos
   * @throws UserError if the split is damaged
   */
  public Optional<Split> split(Dataset dataset) {
    try {
      return training
          .map(Training::split)
          .filter(code -> code.isFor(dataset))
          .map(code -> code.of(dataset));
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "%s: expected the split of its training, found a damaged one (%s)"
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
