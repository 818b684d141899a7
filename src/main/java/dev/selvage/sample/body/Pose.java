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

  public static Pose random(RandomChoices dice) {
    double[][] arms = new double[2][];
    boolean[] behind = new boolean[2];
    for (int side = 0; side < 2; side++) {
      arms[side] = arm(dice);
    }
    if (arms[0][1] < -60 && arms[1][1] < -60) {
      arms[1] = hanging(dice); // two arms across the belly would hide too much
    }
    behind[dice.whole(0, 1)] = dice.chance(0.15);
    double[][] legs;
    int[] toes = {-1, 1};
    double hips = dice.between(-3, 3);
    int stance = dice.whole(0, 9);
    if (stance < 4) {
      legs =
          new double[][] {
            {dice.between(1.5, 6), dice.between(0, 4)}, {dice.between(1.5, 6), dice.between(0, 4)}
          };
    } else if (stance < 6) {
      legs =
          new double[][] {
            {dice.between(7, 12), dice.between(5, 10)}, {dice.between(7, 12), dice.between(5, 10)}
          };
    } else if (stance < 8) {
      legs = new double[][] {{dice.between(0, 3), 0}, {dice.between(10, 16), dice.between(-3, 4)}};
      hips = dice.between(2, 6);
    } else {
      legs =
          new double[][] {
            {dice.between(6, 11), dice.between(6, 12)}, {dice.between(4, 8), dice.between(-20, -10)}
          };
      toes = new int[] {-1, -1};
    }
    return new Pose(
        dice.between(-6, 6),
        dice.between(-5, 5),
        hips,
        dice.between(-9, 9),
        dice.between(-1, 1),
        arms,
        legs,
        toes,
        behind);
  }

  private static double[] arm(RandomChoices dice) {
    int kind = dice.whole(0, 11);
    if (kind < 5) {
      return hanging(dice);
    }
    if (kind < 7) {
      return new double[] {dice.between(14, 24), dice.between(-14, 2)};
    }
    if (kind < 9) {
      return new double[] {dice.between(38, 48), dice.between(-56, -44)};
    }
    if (kind < 10) {
      return new double[] {dice.between(95, 125), dice.between(150, 185)};
    }
    if (kind < 11) {
      return new double[] {dice.between(45, 70), dice.between(50, 80)};
    }
    return new double[] {dice.between(12, 22), dice.between(-95, -75)};
  }

  /** An arm at the side, free to carry something. */
  static double[] hanging(RandomChoices dice) {
    return new double[] {dice.between(9, 17), dice.between(1, 10)};
  }

  /** The same pose with one arm hanging in front of the body. */
  public Pose withHanging(int side, RandomChoices dice) {
    double[][] changed = arms.clone();
    changed[side] = hanging(dice);
    boolean[] front = behind.clone();
    front[side] = false;
    return new Pose(lean, shoulders, hips, head, turn, changed, legs, toes, front);
  }
}
