package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossScaleTest {
  private final LossScale scale = new LossScale();

  @Test
  void anOverflowHalvesItUntilItIsOne() {
    for (double expected = 32768; expected >= 1; expected /= 2) {
      assertTrue(scale.halve());
      assertEquals(expected, scale.factor());
    }
    assertFalse(scale.halve(), "no losses are smaller than they are");
    assertEquals(1, scale.factor());
  }

  @Test
  void manyStepsWithoutAnOverflowInARowDoubleIt() {
    steps(LossScale.GROWTH_STEPS - 1);
    assertEquals(65536, scale.factor());
    steps(1);
    assertEquals(131072, scale.factor());
    steps(LossScale.GROWTH_STEPS - 1);
    scale.halve();
    steps(LossScale.GROWTH_STEPS - 1);
    assertEquals(65536, scale.factor(), "the row begins anew with an overflow");
    steps(1);
    assertEquals(131072, scale.factor());
    steps(20 * LossScale.GROWTH_STEPS);
    assertEquals(1 << 24, scale.factor(), "far below what float32 holds");
  }

  @Test
  void itGoesOnWhereItWasSaved() {
    scale.halve();
    steps(LossScale.GROWTH_STEPS - 1);
    Map<String, String> texts = new HashMap<>();
    scale.save(texts);
    LossScale other = new LossScale();
    other.restore(texts);
    assertEquals(32768, other.factor());
    other.stepIsGood();
    assertEquals(65536, other.factor());
  }

  @ParameterizedTest
  @CsvSource({"0.5, 0", "3, 0", "NaN, 0", "33554432, 0", "many, 0", "4, -1", "4, 2000", "4, few"})
  void refusesWhatItHasNotSaved(String factor, String steps) {
    Map<String, String> texts = Map.of("loss_scale", factor, "good_steps", steps);
    assertThrows(IllegalArgumentException.class, () -> scale.restore(texts));
  }

  private void steps(int count) {
    for (int i = 0; i < count; i++) {
      scale.stepIsGood();
    }
  }
}
