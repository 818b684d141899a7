package dev.selvage.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void beginsAndEndsAtRoundNumbers() {
    Axis axis = Axis.around(0.13, 0.87, 5);
    assertEquals(List.of("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"), labels(axis));
    assertEquals(0.25, axis.place(0.25), 1e-12);
  }

  @Test
  void holdsAllValues() {
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      double a = random.nextGaussian() * Math.pow(10, random.nextInt(9) - 4);
      double b = i % 10 == 0 ? a : a + random.nextDouble() * Math.pow(10, random.nextInt(9) - 4);
      Axis axis = Axis.around(a, b, 5);
      assertTrue(axis.place(a) >= -1e-6 && axis.place(b) <= 1 + 1e-6, a + " " + b + " " + axis);
      int marks = axis.marks().size();
      assertTrue(marks >= 2 && marks <= 9, marks + " marks: " + axis);
      assertEquals(
          labels(axis).stream().distinct().count(), marks, () -> a + " " + b + labels(axis));
    }
  }

  @Test
  void smallNumbersKeepTheirDigits() {
    assertEquals(List.of("0.0000", "0.0005", "0.0010"), labels(new Axis(0, 0.001, 0.0005)));
    assertEquals(List.of("0.00000", "1e-05", "2e-05"), labels(new Axis(0, 2e-5, 1e-5)));
  }

  @Test
  void countsInWholeNumbers() {
    assertEquals(List.of("5", "10", "15", "20", "25"), labels(Axis.counts(1, 27, 8)));
    assertEquals(List.of("1", "2", "3"), labels(Axis.counts(1, 3, 8)));
    assertEquals(List.of("7"), labels(Axis.counts(7, 7, 8)));
  }

  private static List<String> labels(Axis axis) {
    return axis.marks().stream().map(axis::label).toList();
  }
}
