package dev.selvage.augment;

import dev.selvage.geometry.Affine;
import java.util.SplittableRandom;

/** Draws at random how an image is moved: one map for its pixels, its masks and their boxes. */
public final class GeometryJitter {
  private static final double CROP = 0.1;
  private static final double SCALE = 0.1;
  private static final double TRANSLATE = 0.1;
  private static final double ROTATE = Math.toRadians(15);
  private static final double SHEAR = Math.toRadians(8);

  /** Of large-scale jitter (Ghiasi et al. 2021, 3). */
  private static final double LEAST = 0.1;

  private static final double MOST = 2.0;

  private GeometryJitter() {}

  /**
   * Mirrors with probability 1/2; cuts up to 10% off each side and enlarges what is left to the
   * whole image; then, about its middle, scales rows and columns by 0.9 to 1.1 each, slants by up
   * to 8 degrees, turns by up to 15, and moves by up to 10% of each side.
   *
   * @param height of the image
   */
  public static Affine small(int height, int width, SplittableRandom random) {
    Affine map = Affine.IDENTITY;
    if (random.nextBoolean()) {
      map = mirror(width);
    }
    double top = height * random.nextDouble(CROP);
    double bottom = height * random.nextDouble(CROP);
    double left = width * random.nextDouble(CROP);
    double right = width * random.nextDouble(CROP);
    return map.then(Affine.translation(-left, -top))
        .then(Affine.scaling(width / (width - left - right), height / (height - top - bottom)))
        .then(
            Affine.scaling(1 + around(random, SCALE), 1 + around(random, SCALE))
                .then(Affine.shear(around(random, SHEAR)))
                .then(Affine.rotation(around(random, ROTATE)))
                .about(width / 2.0, height / 2.0))
        .then(
            Affine.translation(
                width * around(random, TRANSLATE), height * around(random, TRANSLATE)));
  }

  /**
   * Large-scale jitter: scales by 0.1 to 2 and lays the photo anywhere into the image where it is
   * smaller, or cuts any part out of it where it is larger.
   *
   * @param place (y1,x1,y2,x2) of the photo in the image before
   * @param height of the image
   */
  public static Affine large(double[] place, int height, int width, SplittableRandom random) {
    double scale = random.nextDouble(LEAST, MOST);
    double x = random.nextDouble() * (width - scale * (place[3] - place[1]));
    double y = random.nextDouble() * (height - scale * (place[2] - place[0]));
    return Affine.translation(-place[1], -place[0])
        .then(Affine.scaling(scale, scale))
        .then(Affine.translation(x, y));
  }

  /** Left to right. */
  static Affine mirror(int width) {
    return new Affine(-1, 0, width, 0, 1, 0);
  }

  /** Evenly in -most..most. */
  private static double around(SplittableRandom random, double most) {
    return random.nextDouble(-most, most);
  }
}
