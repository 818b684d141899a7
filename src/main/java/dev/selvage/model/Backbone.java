package dev.selvage.model;

import java.util.Locale;

/**
 * The residual networks of He et al. 2015, table 1: blocks in stages 2 to 5, of two 3x3 or of 1x1,
 * 3x3, 1x1 convolutions.
 */
public enum Backbone {
  RESNET18(false, 2, 2, 2, 2),
  RESNET34(false, 3, 4, 6, 3),
  RESNET50(true, 3, 4, 6, 3),
  RESNET101(true, 3, 4, 23, 3);

  private final boolean bottleneck;
  private final int[] blocks;

  Backbone(boolean bottleneck, int... blocks) {
    this.bottleneck = bottleneck;
    this.blocks = blocks;
  }

  /** The network that BACKBONE names. */
  public static Backbone of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  public boolean bottleneck() {
    return bottleneck;
  }

  /** Blocks of stage 2, 3, 4 or 5. */
  int blocks(int stage) {
    return blocks[stage - 2];
  }

  /**
   * Channels inside the blocks of a stage.
   *
   * @param stem channels of the first convolution, BACKBONE_WIDTH
   */
  static int width(int stage, int stem) {
    return stem << (stage - 2);
  }

  /** Channels that a stage gives. */
  int channels(int stage, int stem) {
    return bottleneck ? 4 * width(stage, stem) : width(stage, stem);
  }

  /** Stage and letter, as in 2a. */
  static String blockName(int stage, int block) {
    return stage + String.valueOf((char) ('a' + block));
  }

  /** The last branch of a block, whose normalization is followed by the residual sum. */
  char lastBranch() {
    return bottleneck ? 'c' : 'b';
  }
}
