package dev.selvage.geometry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class AffineTest {
  @Test
  void knownMaps() {
    assertMaps(Affine.translation(2, 3), 12, 23);
    assertMaps(Affine.scaling(2, 0.5), 20, 10);
    assertMaps(Affine.rotation(Math.PI / 2), -20, 10); // x turns towards y
    assertMaps(Affine.shear(Math.PI / 4), -10, 20);
    assertMaps(Affine.rotation(Math.PI).about(10, 20), 10, 20);
    assertMaps(Affine.translation(1, 1).then(Affine.scaling(2, 3)), 22, 63);
    assertEquals(3, Affine.scaling(2, 3).stretch());
  }

  private static void assertMaps(Affine map, double x, double y) {
    assertEquals(x, map.x(10, 20), 1e-12);
    assertEquals(y, map.y(10, 20), 1e-12);
  }

  @Property(tries = 300)
  void theInverseLeadsBack(
      @ForAll @DoubleRange(min = -3, max = 3) double angle,
      @ForAll @DoubleRange(min = 0.1, max = 4) double scale,
      @ForAll @DoubleRange(min = -1, max = 1) double shear,
      @ForAll @DoubleRange(min = -500, max = 500) double x,
      @ForAll @DoubleRange(min = -500, max = 500) double y) {
    Affine map =
        Affine.scaling(scale, -1)
            .then(Affine.shear(shear))
            .then(Affine.rotation(angle))
            .then(Affine.translation(x, y));
    Affine back = map.then(map.inverse());
    assertEquals(x, back.x(x, y), 1e-8);
    assertEquals(y, back.y(x, y), 1e-8);
  }
}
