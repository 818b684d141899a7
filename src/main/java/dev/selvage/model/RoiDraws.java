package dev.selvage.model;

import java.util.Random;

/**
 * The random numbers that choose which regions take part in the loss. The device uses them as
 * {@link Random#nextInt(int)} does, which rejects one in a million.
 */
final class RoiDraws {
  /** For those that are rejected. */
  private static final int SPARE = 64;

  /** No preference: the first candidates are chosen. */
  static final int[] NONE = {};

  private RoiDraws() {}

  /**
   * Numbers of 31 bits for so many regions, the same for the same seed.
   *
   * @param regions of all images
   */
  static int[] random(long seed, int regions) {
    Random random = new Random(seed);
    int[] draws = new int[regions + SPARE];
    for (int i = 0; i < draws.length; i++) {
      draws[i] = random.nextInt() >>> 1;
    }
    return draws;
  }
}
