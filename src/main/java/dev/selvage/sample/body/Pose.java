package dev.selvage.sample.body;

import dev.selvage.sample.paint.RandomChoices;

/**
 * How a figure stands, in degrees; two values are those of its left and right on the picture before
 * mirroring. Limbs are measured from straight down, outwards.
 *
 * @param turn which way it looks, -1..1
 * @param arms upper arm and forearm of each side
 * @param legs thigh and shin of each side
 * @param toes which way each foot points, -1 or 1
 * @param behind whether each arm lies behind the body
 */
public record Pose(
    double lean,
    double shoulders,
    double hips,
    double head,
    double turn,
    double[][] arms,
    double[][] legs,
    int[] toes,
    boolean[] behind) {

  public static Pose random(RandomChoices random) {
    double[][] arms = new double[2][];
    boolean[] behind = new boolean[2];
    for (int side = 0; side < 2; side++) {
      arms[side] = arm(random);
    }
    if (arms[0][1] < -60 && arms[1][1] < -60) {
      arms[1] = hanging(random); // two arms across the belly would hide too much
    }
    behind[random.whole(0, 1)] = random.chance(0.15);
    double[][] legs;
    int[] toes = {-1, 1};
    double hips = random.between(-3, 3);
    int stance = random.whole(0, 9);
    if (stance < 4) {
      legs =
          new double[][] {
            {random.between(1.5, 6), random.between(0, 4)},
            {random.between(1.5, 6), random.between(0, 4)}
          };
    } else if (stance < 6) {
      legs =
          new double[][] {
            {random.between(7, 12), random.between(5, 10)},
            {random.between(7, 12), random.between(5, 10)}
          };
    } else if (stance < 8) {
      legs =
          new double[][] {
            {random.between(0, 3), 0}, {random.between(10, 16), random.between(-3, 4)}
          };
      hips = random.between(2, 6);
    } else {
      legs =
          new double[][] {
            {random.between(6, 11), random.between(6, 12)},
            {random.between(4, 8), random.between(-20, -10)}
          };
      toes = new int[] {-1, -1};
    }
    return new Pose(
        random.between(-6, 6),
        random.between(-5, 5),
        hips,
        random.between(-9, 9),
        random.between(-1, 1),
        arms,
        legs,
        toes,
        behind);
  }

  private static double[] arm(RandomChoices random) {
    int kind = random.whole(0, 11);
    if (kind < 5) {
      return hanging(random);
    }
    if (kind < 7) {
      return new double[] {random.between(14, 24), random.between(-14, 2)};
    }
    if (kind < 9) {
      return new double[] {random.between(38, 48), random.between(-56, -44)};
    }
    if (kind < 10) {
      return new double[] {random.between(95, 125), random.between(150, 185)};
    }
    if (kind < 11) {
      return new double[] {random.between(45, 70), random.between(50, 80)};
    }
    return new double[] {random.between(12, 22), random.between(-95, -75)};
  }

  /** An arm at the side, free to carry something. */
  static double[] hanging(RandomChoices random) {
    return new double[] {random.between(9, 17), random.between(1, 10)};
  }

  /** The same pose with one arm hanging in front of the body. */
  public Pose withHanging(int side, RandomChoices random) {
    double[][] changed = arms.clone();
    changed[side] = hanging(random);
    boolean[] front = behind.clone();
    front[side] = false;
    return new Pose(lean, shoulders, hips, head, turn, changed, legs, toes, front);
  }
}
