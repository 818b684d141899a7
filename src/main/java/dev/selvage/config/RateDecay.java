package dev.selvage.config;

/** How the learning rate falls: LR_DECAY. */
public enum RateDecay implements Choice {
  /** It stays the same within a stage. */
  NONE,

  /** It falls to zero along half a cosine within the stage. */
  COSINE,

  /** It falls to zero along half a cosine within the run. */
  RUN_COSINE
}
