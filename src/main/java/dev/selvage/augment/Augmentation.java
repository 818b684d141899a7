package dev.selvage.augment;

import dev.selvage.config.Config;
import java.util.Locale;

/** How photos are varied while they are trained on: the presets of AUGMENTATION. */
public enum Augmentation {
  /** Not at all. */
  NONE,

  /** Mirrored left to right with probability 1/2. */
  FLIP,

  /**
   * Mirrored, cropped, scaled, moved, turned and slanted a little; blurred, with other contrast and
   * brightness and with noise: the recipe that is usual for Matterport's model.
   */
  SEED,

  /**
   * The same, then enlarged or made smaller by large factors, with objects of another photo pasted
   * in (Ghiasi et al. 2021).
   */
  STRONG;

  /** The preset of a name as settings have it. */
  public static Augmentation of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /**
   * The preset of a stage: AUGMENTATION or, if that is none, the one of FLIPS.
   *
   * @param stage from 0; a list of one value serves every stage
   */
  public static Augmentation of(Config config, int stage) {
    String[] names = config.AUGMENTATION;
    Augmentation named = of(names[Math.min(stage, names.length - 1)]);
    boolean flip = config.FLIPS[Math.min(stage, config.FLIPS.length - 1)];
    return named == NONE && flip ? FLIP : named;
  }

  /** Whether it does more than to mirror. */
  public boolean warps() {
    return this == SEED || this == STRONG;
  }
}
