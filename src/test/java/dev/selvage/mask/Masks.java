package dev.selvage.mask;

import java.util.Random;

/** Bitmasks made for tests: blobs with holes, full and empty ones among them. */
final class Masks {
  private Masks() {}

  static byte[] random(int height, int width, long seed) {
    Random random = new Random(seed);
    double turn = random.nextInt(4) * 0.2;
    byte[] pixels = new byte[height * width];
    byte value = (byte) random.nextInt(2);
    for (int i = 0; i < pixels.length; i++) {
      if (random.nextDouble() < turn) {
        value ^= 1;
      }
      pixels[i] = value;
    }
    return pixels;
  }
}
