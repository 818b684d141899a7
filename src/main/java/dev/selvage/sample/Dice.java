package dev.selvage.sample;

import java.util.List;
import java.util.SplittableRandom;

/** One photo's random choices. */
final class Dice {
  private final SplittableRandom random;

  /** The choices of one photo, independent of those of every other. */
  Dice(long seed, int photo) {
    random = new SplittableRandom(new SplittableRandom(seed).nextLong() + photo);
  }

  double between(double least, double most) {
    return least + (most - least) * random.nextDouble();
  }

  int whole(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int sign() {
    return chance(0.5) ? 1 : -1;
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  @SafeVarargs
  final <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
