package dev.selvage.train.ranks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.split.Split;
import dev.selvage.ranks.Communicator;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What rank 0 gives the other ranks at the beginning, so that only it needs the run's files.
 *
 * @param settings as JSON
 * @param seed of the run
 * @param train image indices of the split
 * @param valid the same
 * @param state where it begins, by name
 */
public record SharedStart(
    String settings, long seed, int[] train, int[] valid, Map<String, String> state) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** On rank 0; the parameters are the members. */
  public static void send(
      Communicator ranks, Config config, long seed, Split split, Map<String, String> state) {
    SharedStart start =
        new SharedStart(
            ConfigWriter.toJson(config, Map.of()), seed, split.train(), split.valid(), state);
    try {
      ranks.broadcast(JSON.writeValueAsBytes(start));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** On the other ranks. */
  public static SharedStart receive(Communicator ranks) {
    try {
      return JSON.readValue(ranks.broadcast(new byte[0]), new TypeReference<>() {});
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  public Config config() {
    return ConfigReader.readText(settings, "rank 0", List.of());
  }

  public Split split() {
    return new Split(train, valid);
  }
}
