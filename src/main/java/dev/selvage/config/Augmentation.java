package dev.selvage.config;

/** How photos are varied in training: AUGMENTATION. */
public enum Augmentation implements Choice {
  /** Not at all. */
  NONE,

  /** Mirrored left to right with probability 1/2. */
  FLIP,

  /**
   * Mirrored, cropped, scaled, moved, rotated and sheared a little; blurred, with other contrast
   * and brightness and with noise: the usual recipe for Matterport's model.
   */
  STANDARD,

  /**
   * The same, then scaled by a large factor, with objects of another photo pasted in (Ghiasi et al.
   * 2021).
   */
  STRONG;

  /** Before it was called standard, it was called seed. */
  @Override
  public boolean matches(String word) {
    return Choice.super.matches(word) || this == STANDARD && word.equals("seed");
  }

  /** Whether it does more than mirror. */
  public boolean warps() {
    return this == STANDARD || this == STRONG;
  }
}
