package dev.selvage.nn;

import dev.selvage.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;

/** Lists what a backward rule keeps. */
final class Saved {
  private Saved() {}

  /** Those that are not null. */
  static Tensor[] of(Tensor... tensors) {
    return Arrays.stream(tensors).filter(Objects::nonNull).toArray(Tensor[]::new);
  }
}
