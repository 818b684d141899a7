package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.model.ParameterTable;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.util.UserError;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResumeCompatibilityTest {
  @Test
  void everySettingThatShapesTheModelIsFixed() throws IllegalAccessException {
    int shaping = 0;
    for (Field key : Config.class.getFields()) {
      Config changed = TinyDataset.config();
      change(key, changed);
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

  private static List<String> layers(Config config) {
    try {
      return ParameterTable.of(config).stream()
          .map((ParameterSpec spec) -> spec.name() + Arrays.toString(spec.shape()))
          .toList();
    } catch (UserError e) {
      return layers(TinyDataset.config()); // no model at all: refused before it is compared
    }
  }

  private static void change(Field key, Config config) throws IllegalAccessException {
    Object value = key.get(config);
    if (value instanceof Integer number) {
      key.set(config, 2 * number);
    } else if (value instanceof int[] numbers) {
      key.set(config, Arrays.copyOf(numbers, numbers.length - 1));
    } else if (value instanceof float[] numbers) {
      key.set(config, Arrays.copyOf(numbers, numbers.length - 1));
    } else if (key.getName().equals("BACKBONE")) {
      key.set(config, "resnet34");
    }
  }
}
