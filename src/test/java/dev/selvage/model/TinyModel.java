package dev.selvage.model;

import java.util.List;
import java.util.stream.Stream;

/** The smallest model that has all parts, for tests of what happens around it. */
public final class TinyModel {
  /** As {@code --set} takes them. */
  public static final List<String> SIZES =
      List.of(
          "BACKBONE=resnet18",
          "BACKBONE_WIDTH=8",
          "TOP_DOWN_PYRAMID_SIZE=16",
          "RPN_CHANNELS=16",
          "MASK_CHANNELS=16",
          "FPN_CLASSIF_FC_LAYERS_SIZE=16");

  private TinyModel() {}

  /** The sizes, and more settings. */
  public static List<String> with(String... more) {
    return Stream.concat(SIZES.stream(), Stream.of(more)).toList();
  }

  /** The sizes as words of a command line. */
  public static List<String> words() {
    return SIZES.stream().flatMap(size -> Stream.of("--set", size)).toList();
  }
}
