package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvage.config.Config;
import dev.selvage.config.Precision;
import dev.selvage.tensor.DType;
import dev.selvage.util.UserError;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ModelRequirementsTest {
  @Test
  void aModelHasAtLeastOneClassBesidesTheBackground() {
    assertFalse(ParameterTable.of(config(2)).isEmpty());
    assertEquals(
        "NUM_CLASSES must be at least 2, background included, found 1",
        assertThrows(UserError.class, () -> ParameterTable.of(config(1))).getMessage());
  }

  private static Config config(int classes) {
    return SmallModel.config().with("NUM_CLASSES", classes);
  }

  @Test
  void imageSidesAreMultiplesOf64() {
    ModelRequirements.imageSize(64, 512);
    for (int[] size : new int[][] {{500, 512}, {512, 500}, {0, 64}}) {
      assertEquals(
          "the height and width of an image must be positive multiples of 64, found %dx%d"
              .formatted(size[0], size[1]),
          assertThrows(UserError.class, () -> ModelRequirements.imageSize(size[0], size[1]))
              .getMessage());
    }
  }

  @Test
  void everyPrecisionIsATypeOfTensorsWithTheSameName() {
    assertEquals(
        Arrays.stream(DType.values()).map(DType::key).toList(),
        Arrays.stream(Precision.values()).map(Precision::word).toList());
  }
}
