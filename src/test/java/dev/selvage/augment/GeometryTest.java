package dev.selvage.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.geometry.Affine;
import dev.selvage.mask.AffineRasterizer;
import dev.selvage.mask.CroppedMask;
import dev.selvage.mask.ResizedRasterizer;
import dev.selvage.mask.Rle;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * Every geometric augmentation, on masks whose shape is known as a formula: a mask drawn through
 * the map must be the shape itself, mapped, looked at in the image.
 */
class GeometryTest {
  private static final int HEIGHT = 90;
  private static final int WIDTH = 120;

  /** The image is larger than the photo, so that most shapes stay in it. */
  private static final int SIDE = 128;

  /** An ellipse of the photo. */
  private record Ellipse(double y, double x, double b, double a) {
    boolean holds(double py, double px) {
      double v = (py - y) / b;
      double u = (px - x) / a;
      return u * u + v * v <= 1;
    }

    Rle mask() {
      byte[] pixels = new byte[HEIGHT * WIDTH];
      for (int px = 0; px < WIDTH; px++) {
        for (int py = 0; py < HEIGHT; py++) {
          pixels[px * HEIGHT + py] = (byte) (holds(py + 0.5, px + 0.5) ? 1 : 0);
        }
      }
      return Rle.fromBitmask(pixels, HEIGHT, WIDTH);
    }
  }

  /** Kinds of maps, each drawn at random as the presets draw it or more widely. */
  private enum Kind {
    IDENTITY,
    FLIP,
    CROP,
    SCALE,
    TRANSLATE,
    ROTATE,
    SHEAR,
    SMALL,
    LARGE;

    Affine draw(SplittableRandom random) {
      double[] place = {10, 4, 10 + HEIGHT, 4 + WIDTH};
      return switch (this) {
        case IDENTITY -> Affine.IDENTITY;
        case FLIP -> GeometryJitter.mirror(SIDE);
        case CROP ->
            Affine.translation(-random.nextDouble(13), -random.nextDouble(13))
                .then(Affine.scaling(1.2, 1.1));
        case SCALE ->
            Affine.scaling(random.nextDouble(0.5, 2), random.nextDouble(0.5, 2)).about(64, 64);
        case TRANSLATE ->
            Affine.translation(random.nextDouble(-40, 40), random.nextDouble(-40, 40));
        case ROTATE -> Affine.rotation(random.nextDouble(-3, 3)).about(64, 64);
        case SHEAR -> Affine.shear(random.nextDouble(-0.5, 0.5)).about(64, 64);
        case SMALL -> GeometryJitter.small(SIDE, SIDE, random);
        case LARGE -> GeometryJitter.large(place, SIDE, SIDE, random);
      };
    }
  }

  @Provide
  Arbitrary<Ellipse> ellipses() {
    return Combinators.combine(
            Arbitraries.doubles().between(10, HEIGHT - 10),
            Arbitraries.doubles().between(10, WIDTH - 10),
            Arbitraries.doubles().between(6, 40),
            Arbitraries.doubles().between(6, 50))
        .as(Ellipse::new);
  }

  @Property(tries = 600)
  void masksAndBoxesMoveWithTheImage(
      @ForAll Kind kind, @ForAll("ellipses") Ellipse shape, @ForAll long seed) {
    Affine map = Affine.translation(4, 10).then(kind.draw(new SplittableRandom(seed)));
    CroppedMask drawn = new AffineRasterizer(map, HEIGHT, WIDTH, SIDE, SIDE).draw(shape.mask());
    byte[] expected = look(map, shape);
    int common = 0;
    int either = 0;
    byte[] found = new byte[SIDE * SIDE];
    if (drawn != null) {
      drawn.paste(found, 0, SIDE);
    }
    for (int i = 0; i < found.length; i++) {
      common += found[i] & expected[i];
      either += found[i] | expected[i];
    }
    // a pixel of the photo decides for all places in it, so outlines differ by half of one
    double outline = 4 * (shape.a + shape.b) * map.stretch() * (0.75 * map.stretch() + 0.5);
    assertTrue(either - common <= outline + 2, kind + ": " + (either - common) + " pixels differ");
    if (either > 400 && map.stretch() < 1.5) {
      assertTrue(common > 0.8 * either, kind + ": IoU " + (double) common / either);
    }
    if (drawn != null) {
      assertTight(drawn);
    }
  }

  /** The mapped shape as the image's pixels see it, cut off where the photo ends. */
  private static byte[] look(Affine map, Ellipse shape) {
    Affine back = map.inverse();
    byte[] pixels = new byte[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double py = back.y(x + 0.5, y + 0.5);
        double px = back.x(x + 0.5, y + 0.5);
        boolean inside = py >= 0 && py < HEIGHT && px >= 0 && px < WIDTH;
        pixels[y * SIDE + x] = (byte) (inside && shape.holds(py, px) ? 1 : 0);
      }
    }
    return pixels;
  }

  /** Each edge of the region shows a pixel of the mask. */
  private static void assertTight(CroppedMask region) {
    boolean[] edges = new boolean[4];
    for (int y = 0; y < region.height(); y++) {
      for (int x = 0; x < region.width(); x++) {
        if (region.pixels()[y * region.width() + x] != 0) {
          edges[0] |= y == 0;
          edges[1] |= y == region.height() - 1;
          edges[2] |= x == 0;
          edges[3] |= x == region.width() - 1;
        }
      }
    }
    assertArrayEquals(new boolean[] {true, true, true, true}, edges);
    assertTrue(region.top() >= 0 && region.top() + region.height() <= SIDE);
    assertTrue(region.left() >= 0 && region.left() + region.width() <= SIDE);
  }

  /** A map that moves nothing draws exactly what resizing draws, whatever the sizes. */
  @Property(tries = 300)
  void theIdentityIsExact(
      @ForAll @IntRange(min = 1, max = 60) int scaledHeight,
      @ForAll @IntRange(min = 1, max = 60) int scaledWidth,
      @ForAll @IntRange(min = -9, max = 9) int top,
      @ForAll @IntRange(min = -9, max = 9) int left,
      @ForAll("ellipses") Ellipse shape) {
    Affine map =
        Affine.scaling((double) scaledWidth / WIDTH, (double) scaledHeight / HEIGHT)
            .then(Affine.translation(left, top));
    CroppedMask resized =
        new ResizedRasterizer(HEIGHT, WIDTH, scaledHeight, scaledWidth, top, left, 50, 50)
            .draw(shape.mask());
    assertSame(resized, new AffineRasterizer(map, HEIGHT, WIDTH, 50, 50).draw(shape.mask()));
  }

  @Property(tries = 100)
  void flippedTwiceIsAsBefore(@ForAll("ellipses") Ellipse shape) {
    Affine once = Affine.translation(3, 5).then(GeometryJitter.mirror(SIDE));
    Affine twice = once.then(GeometryJitter.mirror(SIDE));
    CroppedMask plain =
        new AffineRasterizer(Affine.translation(3, 5), HEIGHT, WIDTH, SIDE, SIDE)
            .draw(shape.mask());
    CroppedMask flipped = new AffineRasterizer(once, HEIGHT, WIDTH, SIDE, SIDE).draw(shape.mask());
    assertSame(plain, new AffineRasterizer(twice, HEIGHT, WIDTH, SIDE, SIDE).draw(shape.mask()));
    assertEquals(SIDE - plain.left() - plain.width(), flipped.left());
    for (int y = 0; y < plain.height(); y++) {
      for (int x = 0; x < plain.width(); x++) {
        assertEquals(
            plain.pixels()[y * plain.width() + x],
            flipped.pixels()[(y + 1) * plain.width() - 1 - x]);
      }
    }
  }

  /** What leaves the image is dropped, and only that. */
  @Property(tries = 200)
  void masksOutsideTheImageVanish(@ForAll("ellipses") Ellipse shape, @ForAll boolean across) {
    Affine away = across ? Affine.translation(0, SIDE) : Affine.translation(-WIDTH, 0);
    assertNull(new AffineRasterizer(away, HEIGHT, WIDTH, SIDE, SIDE).draw(shape.mask()));
    assertNull(
        new AffineRasterizer(Affine.IDENTITY, HEIGHT, WIDTH, SIDE, SIDE)
            .draw(Rle.empty(HEIGHT, WIDTH)));
    assertNotNull(
        new AffineRasterizer(Affine.IDENTITY, HEIGHT, WIDTH, SIDE, SIDE).draw(shape.mask()));
  }

  @Property(tries = 100)
  void coveredIsWhereThePhotoIs(@ForAll Kind kind, @ForAll long seed) {
    Affine map = Affine.translation(4, 10).then(kind.draw(new SplittableRandom(seed)));
    byte[] whole = new byte[SIDE * SIDE];
    Rle all = new Rle(HEIGHT, WIDTH, new int[] {0, HEIGHT * WIDTH});
    AffineRasterizer grid = new AffineRasterizer(map, HEIGHT, WIDTH, SIDE, SIDE);
    CroppedMask region = grid.draw(all);
    if (region != null) {
      region.paste(whole, 0, SIDE);
    }
    assertArrayEquals(whole, grid.covered());
  }

  @Property(tries = 200)
  void largeJitterFillsTheImageOrShowsThePhotoWhole(@ForAll long seed) {
    double[] place = {10, 4, 10 + HEIGHT, 4 + WIDTH};
    Affine map = GeometryJitter.large(place, SIDE, SIDE, new SplittableRandom(seed));
    assertTrue(map.stretch() >= 0.1 && map.stretch() < 2.0, "scale " + map.stretch());
    double top = map.y(4, 10);
    double bottom = map.y(4, 10 + HEIGHT);
    boolean inside = top >= -1e-9 && bottom <= SIDE + 1e-9;
    boolean across = top <= 1e-9 && bottom >= SIDE - 1e-9;
    assertTrue(inside || across, top + " to " + bottom);
  }

  private static void assertSame(CroppedMask expected, CroppedMask found) {
    if (expected == null || found == null) {
      assertEquals(expected, found);
      return;
    }
    assertEquals(expected.top(), found.top());
    assertEquals(expected.left(), found.left());
    assertEquals(expected.height(), found.height());
    assertEquals(expected.width(), found.width());
    assertArrayEquals(expected.pixels(), found.pixels());
  }
}
