package dev.selvage.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaletteTest {
  /** As many classes as iMaterialist has. */
  private static final int CLASSES = 46;

  @Test
  void givesEachClassAColourOfItsOwn() {
    for (int a = 1; a <= CLASSES; a++) {
      assertEquals(Palette.of(a), Palette.of(a));
      for (int b = 1; b < a; b++) {
        int distance = distance(Palette.of(a), Palette.of(b));
        assertTrue(distance >= 12, "classes %d and %d differ by %d".formatted(a, b, distance));
      }
    }
  }

  @Test
  void tellsNeighboursApartAtAGlance() {
    for (int a = 2; a <= CLASSES; a++) {
      assertTrue(distance(Palette.of(a), Palette.of(a - 1)) > 100, "class " + a);
    }
  }

  private static int distance(Colour a, Colour b) {
    return Math.abs(a.red() - b.red())
        + Math.abs(a.green() - b.green())
        + Math.abs(a.blue() - b.blue());
  }
}
