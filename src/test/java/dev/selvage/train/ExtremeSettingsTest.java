package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.ConfigWriter;
import dev.selvage.model.Initializer;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.ParameterTable;
import dev.selvage.model.cost.StepMemory;
import dev.selvage.nn.Parameters;
import dev.selvage.train.memory.MemoryGuard;
import dev.selvage.train.memory.MemoryWarmup;
import dev.selvage.util.ProcessMemory.Room;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every whole number of the settings at its extremes is refused by name, or a step runs. */
class ExtremeSettingsTest {
  /** What a step of the tiny model may take here. */
  private static final Room ROOM = new Room(60_000_000, "free memory");

  private static final int[] VALUES = {
    Integer.MIN_VALUE, 0, 1, 1 << 10, 1 << 14, 1 << 20, 2_000_000_000, Integer.MAX_VALUE
  };

  @TempDir static Path dir;

  private static final Map<String, JsonNode> KEYS = new TreeMap<>();

  @BeforeAll
  static void keys() throws Exception {
    Path file = dir.resolve("config.json");
    ConfigWriter.write(TinyDataset.config(), Map.of(), file);
    new ObjectMapper()
        .readTree(Files.readAllBytes(file))
        .properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              if (value.isInt() || value.isArray() && value.get(0).isInt()) {
                KEYS.put(field.getKey(), value);
              }
            });
  }

  private static Config with(String key, int value) {
    List<String> settings = new ArrayList<>(TinyDataset.SETTINGS);
    settings.add("NUM_CLASSES=3");
    settings.removeIf(s -> s.startsWith(key + "="));
    JsonNode old = KEYS.get(key);
    String text = IntNode.valueOf(value).toString();
    settings.add(
        key + "=" + (old.isInt() ? text : String.join(",", Collections.nCopies(old.size(), text))));
    return ConfigReader.read(null, null, settings);
  }

  @Test
  void areRefusedOrWork() {
    int steps = 0;
    for (String key : KEYS.keySet()) {
      for (int value : VALUES) {
        try {
          Config config = with(key, value);
          double bytes = new StepMemory(config, config.IMAGE_MAX_DIM, "all").bytes(1);
          assertTrue(bytes > 0 && bytes < 1e25, key + "=" + value + " needs " + bytes);
          MemoryGuard.check(config, ROOM);
          if (bytes < ROOM.bytes()) {
            step(config);
            steps++;
          }
        } catch (UserError e) {
          String related = key.equals("MASK_POOL_SIZE") ? "MASK_" : key;
          boolean named =
              e.getMessage().contains(related) || e.getMessage().startsWith("IMAGES_PER_GPU");
          assertTrue(named, key + "=" + value + ": " + e.getMessage());
        } catch (RuntimeException e) {
          throw new AssertionError(key + "=" + value, e);
        }
      }
    }
    assertTrue(steps > 50, steps + " steps");
  }

  private static void step(Config config) {
    try (Parameters parameters = new Parameters(ParameterTable.of(config))) {
      Initializer.initialize(parameters, 1);
      parameters.setTrainable("all");
      MemoryWarmup.run(config, parameters, new MaskRcnn(config, parameters));
    }
  }

  @Test
  void theKeyIsNamed() {
    String message =
        assertThrows(UserError.class, () -> with("FPN_CLASSIF_FC_LAYERS_SIZE", 2_000_000_000))
            .getMessage();
    assertEquals(
        "--set: FPN_CLASSIF_FC_LAYERS_SIZE must be at least 1 and at most 65536, found 2000000000",
        message);
    message =
        assertThrows(
                UserError.class,
                () ->
                    TinyDataset.config(
                        "IMAGES_PER_GPU=4096", "GPU_COUNT=4096", "ACCUMULATION_STEPS=4096"))
            .getMessage();
    assertEquals(
        "IMAGES_PER_GPU * GPU_COUNT * ACCUMULATION_STEPS must be at most 2147483647, found"
            + " 68719476736",
        message);
  }
}
