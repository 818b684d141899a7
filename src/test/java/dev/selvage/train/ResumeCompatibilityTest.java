package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.FloatList;
import dev.selvage.model.ParameterTable;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeCompatibilityTest {
  @TempDir Path dir;

  @Test
  void everySettingThatShapesTheModelIsFixed() throws IllegalAccessException {
    int shaping = 0;
    for (Field key : Config.class.getFields()) {
      Config changed = changed(key);
      if (!layers(changed).equals(layers(TinyDataset.config()))) {
        shaping++;
        assertNotEquals(
            ResumeCompatibility.fixed(TinyDataset.config()),
            ResumeCompatibility.fixed(changed),
            key.getName() + " changes the model but not what is compared");
      }
    }
    assertTrue(shaping >= 8, "only " + shaping + " settings were found to shape the model");
  }

  @Test
  void theScheduleIsNot() {
    assertEquals(
        ResumeCompatibility.fixed(TinyDataset.config()),
        ResumeCompatibility.fixed(
            TinyDataset.config("EPOCHS=2,9", "LRS=0.1", "STEPS_PER_EPOCH=7")));
  }

  @Test
  void aRunThatCallsTheStandardAugmentationSeedGoesOnUnchanged() throws IOException {
    Path file = Files.writeString(dir.resolve("config.json"), "{\"AUGMENTATION\": [\"seed\"]}");
    Config before = ConfigReader.read(null, file, List.of());
    Config now = ConfigReader.read(null, null, List.of("AUGMENTATION=standard"));
    assertEquals(List.of(), ResumeCompatibility.changes(before, now));
    assertEquals(
        List.of("AUGMENTATION: was [\"standard\"], is now [\"strong\"]"),
        ResumeCompatibility.changes(before, now.with("AUGMENTATION", Augmentation.STRONG)));
  }

  private static List<String> layers(Config config) {
    return ParameterTable.of(config).stream()
        .map((ParameterSpec spec) -> spec.name() + Arrays.toString(spec.shape()))
        .toList();
  }

  /** The configuration with another value of a key; unchanged where no other value is tried. */
  private static Config changed(Field key) throws IllegalAccessException {
    Config config = TinyDataset.config();
    Object value = key.get(config);
    if (value instanceof Integer number) {
      return with(config, key, 2 * number);
    } else if (value instanceof FloatList numbers) {
      return with(config, key, Arrays.copyOf(numbers.toArray(), numbers.size() - 1));
    } else if (key.getName().equals("BACKBONE")) {
      return with(config, key, "resnet34");
    }
    return config;
  }

  /** Unchanged too where the value is not allowed. */
  private static Config with(Config config, Field key, Object value) {
    try {
      return config.with(key.getName(), value);
    } catch (UserError e) {
      return config;
    }
  }
}
