package dev.selvage.data;

import java.util.SplittableRandom;

/**
 * The endless order in which photos are visited: each pass shows every photo once. The order of a
 * pass depends on the seed and the pass alone. Thread-safe.
 */
final class EpochOrder {
  private final int[] images;
  private final boolean shuffled;
  private final long seed;
  private long cachedPass = -1;
  private int[] cachedOrder;

  EpochOrder(int[] images, boolean shuffled, long seed) {
    this.images = images.clone();
    this.shuffled = shuffled;
    this.seed = seed;
  }

  int size() {
    return images.length;
  }

  long pass(long position) {
    return position / images.length;
  }

  int image(long position) {
    int place = (int) (position % images.length);
    return images[shuffled ? order(pass(position))[place] : place];
  }

  private synchronized int[] order(long pass) {
    if (pass != cachedPass) {
      cachedOrder =
          Shuffle.permutation(images.length, new SplittableRandom(Shuffle.seed(seed, pass)));
      cachedPass = pass;
    }
    return cachedOrder;
  }
}
