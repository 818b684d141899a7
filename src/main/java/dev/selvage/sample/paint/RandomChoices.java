package dev.selvage.sample.paint;

import java.util.List;
import java.util.SplittableRandom;

/** One photo's random choices. */
public final class RandomChoices {
  private final SplittableRandom random;

  /** The choices of one photo, independent of those of every other. */
  public RandomChoices(long seed, int photo) {
    random = new SplittableRandom(new SplittableRandom(seed).nextLong() + photo);
  }

  public double between(double least, double most) {
    return least + (most - least) * random.nextDouble();
  }

  public int whole(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  public boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  public int sign() {
    return chance(0.5) ? 1 : -1;
  }

  public <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  @SafeVarargs
  public final <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
