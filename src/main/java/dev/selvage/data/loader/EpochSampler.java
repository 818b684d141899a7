package dev.selvage.data.loader;

import dev.selvage.data.SeededSampling;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The endless order in which photos are visited, pass after pass. Each pass shows every photo once,
 * or as often as its factor says: each pass rounds the fraction of a factor up or down at random,
 * so that the average is right. All passes are equally long. A pass depends on the seed and its
 * number only. Thread-safe.
 */
final class EpochSampler {
  /**
   * One pass.
   *
   * @param images in their order
   * @param again for each visit how often the pass has shown the photo before
   */
  private record Pass(long number, int[] images, int[] again) {}

  private final int[] images;
  private final boolean shuffled;
  private final long seed;

  /** Sums of the factors up to each photo, scaled so that the last is whole; null: once each. */
  private final double[] shares;

  private final int passLength;
  private Pass cached;

  EpochSampler(int[] images, boolean shuffled, long seed) {
    this.images = images.clone();
    this.shuffled = shuffled;
    this.seed = seed;
    shares = null;
    passLength = images.length;
  }

  /**
   * Shuffled passes that show photos more than once.
   *
   * @param factors for each photo how often a pass shows it on average, at least 1
   */
  EpochSampler(int[] images, double[] factors, long seed) {
    this.images = images.clone();
    this.seed = seed;
    shuffled = true;
    double sum = Arrays.stream(factors).sum();
    passLength = (int) Math.ceil(sum);
    shares = new double[factors.length];
    double before = 0;
    for (int i = 0; i < factors.length; i++) {
      before += factors[i];
      shares[i] = before == sum ? passLength : before * passLength / sum;
    }
  }

  /** How many photos there are. */
  int size() {
    return images.length;
  }

  /** The photos of every pass, in the order given. */
  int[] images() {
    return images.clone();
  }

  /** How many visits a pass has. */
  int passLength() {
    return passLength;
  }

  /** A number that a photo has for one visit only. */
  long visit(long position) {
    long pass = position / passLength;
    int place = (int) (position % passLength);
    return shuffled ? pass | (long) pass(pass).again()[place] << Integer.SIZE : pass;
  }

  int image(long position) {
    int place = (int) (position % passLength);
    return shuffled ? pass(position / passLength).images()[place] : images[place];
  }

  private synchronized Pass pass(long number) {
    if (cached == null || cached.number() != number) {
      cached = drawPass(number);
    }
    return cached;
  }

  private Pass drawPass(long number) {
    SplittableRandom random = new SplittableRandom(SeededSampling.seed(seed, number));
    int[] visits = new int[passLength];
    int[] again = new int[passLength];
    if (shares == null) {
      Arrays.setAll(visits, i -> i);
    } else {
      // one draw rounds all fractions: what one photo loses to it the next one gains
      double offset = random.nextDouble();
      int at = 0;
      for (int i = 0; i < images.length; i++) {
        int end = i + 1 == images.length ? passLength : (int) (shares[i] + offset);
        for (int k = 0; at < end; k++) {
          again[at] = k;
          visits[at++] = i;
        }
      }
    }
    int[] order = SeededSampling.permutation(passLength, random);
    return new Pass(
        number,
        Arrays.stream(order).map(place -> images[visits[place]]).toArray(),
        Arrays.stream(order).map(place -> again[place]).toArray());
  }
}
