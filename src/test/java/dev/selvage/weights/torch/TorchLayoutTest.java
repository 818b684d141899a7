package dev.selvage.weights.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchLayoutTest {
  @ParameterizedTest
  @CsvSource({"1, 1, 1", "5, 3, 9", "16, 2, 4", "37, 5, 49", "48, 7, 1"})
  void eachValueGoesToItsPlace(int first, int second, int area) {
    float[] values = new float[first * second * area];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    float[] turned = TorchLayout.toKeras(values, first, second, area);
    for (int i = 0; i < first; i++) {
      for (int j = 0; j < second; j++) {
        for (int p = 0; p < area; p++) {
          assertEquals(values[(i * second + j) * area + p], turned[(p * second + j) * first + i]);
        }
      }
    }
  }

  @Test
  void nothingStaysNothing() {
    assertEquals(0, TorchLayout.toKeras(new float[0], 0, 3, 1).length);
  }
}
