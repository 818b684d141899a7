package dev.selvage.run;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.InstanceSummary;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.zip.CRC32C;

/**
 * What config.json says about a run in addition to its settings, under {@code about}.
 *
 * @param commands the command lines that began and continued the run
 * @param started when the last of them did so; null for runs of older versions
 * @param versions of Selvage, Java and the native libraries
 * @param seed of the initial weights, of the split and of all sampling
 * @param weights what the run began with: none, or a weight file
 * @param dataset name of the dataset
 * @param photos of the dataset
 * @param fingerprint of the dataset, see {@link #fingerprint}
 * @param categories of the dataset in class order: class c is {@code categories.get(c - 1)}
 */
public record RunInfo(
    List<String> commands,
    String started,
    Map<String, String> versions,
    long seed,
    String weights,
    String dataset,
    int photos,
    String fingerprint,
    List<Category> categories) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

  /**
   * Reads it out of a run's config.json.
   *
   * @throws UserError if the file cannot be read or says nothing about a run
   */
  public static RunInfo read(Path configFile) {
    try {
      JsonNode about = JSON.readTree(configFile.toFile()).path("about");
      if (about.isObject()) {
        ((ObjectNode) about).putIfAbsent("started", NullNode.getInstance());
        return JSON.treeToValue(about, RunInfo.class);
      }
      throw new UserError(
          "%s: expected a run's settings with the key \"about\", found none".formatted(configFile));
    } catch (IOException e) {
      throw unreadable(configFile, e);
    }
  }

  private static UserError unreadable(Path configFile, IOException e) {
    return new UserError(
        "%s: expected a run's settings, found something else (%s)"
            .formatted(configFile, e.getMessage().lines().findFirst().orElse("")),
        e);
  }

  /**
   * The same where there may be no such file, or one without a run.
   *
   * @throws UserError if the file cannot be read
   */
  public static Optional<RunInfo> find(Path configFile) {
    try {
      return Files.isRegularFile(configFile)
              && JSON.readTree(configFile.toFile()).path("about").isObject()
          ? Optional.of(read(configFile))
          : Optional.empty();
    } catch (IOException e) {
      throw unreadable(configFile, e);
    }
  }

  /** For {@link dev.selvage.config.ConfigWriter}. */
  public Map<String, ?> about() {
    return JSON.convertValue(
        this,
        JSON.getTypeFactory().constructMapType(LinkedHashMap.class, String.class, Object.class));
  }

  /** The time for {@link #started}, which is that of no time zone. */
  public static String now() {
    return Instant.now().toString();
  }

  /** The same run with one more command line, now, and its dataset as it is named now. */
  public RunInfo continuedBy(String command, Dataset current) {
    List<String> all = new ArrayList<>(commands);
    all.add(command);
    return new RunInfo(
        all, now(), versions, seed, weights, dataset, photos, fingerprint(current), categories);
  }

  /**
   * A short text that differs as soon as photos (by name and size), instances (by class and area)
   * or categories do.
   */
  public static String fingerprint(Dataset dataset) {
    return fingerprint(dataset, dataset::fileName);
  }

  /**
   * The same with other names for the photos.
   *
   * @param name of an image
   */
  public static String fingerprint(Dataset dataset, IntFunction<String> name) {
    CRC32C crc = new CRC32C();
    for (Category category : dataset.categories()) {
      update(crc, category.id() + " " + category.name());
    }
    for (int imageIndex = 0; imageIndex < dataset.size(); imageIndex++) {
      update(
          crc,
          name.apply(imageIndex)
              + " "
              + dataset.height(imageIndex)
              + " "
              + dataset.width(imageIndex));
      for (InstanceSummary summary : dataset.summaries(imageIndex)) {
        update(crc, summary.classId() + " " + summary.area());
      }
    }
    return Long.toHexString(crc.getValue());
  }

  private static void update(CRC32C crc, String text) {
    crc.update((text + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
