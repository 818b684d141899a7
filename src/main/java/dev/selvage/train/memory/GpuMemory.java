package dev.selvage.train.memory;

import dev.selvage.runtime.Native;
import dev.selvage.runtime.NativeException;
import dev.selvage.util.UserError;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Finds by trial how many images fit in a GPU's memory if those of a step do not. The estimate of
 * {@link MemoryGuard} may be wrong by a quarter, and on a GPU a step that does not fit ends with an
 * exception.
 */
final class GpuMemory {
  private GpuMemory() {}

  /**
   * Runs a step of all images first, so that it meets memory as the training will: smaller steps
   * before it would leave it in pieces.
   *
   * @param images of a step
   * @param size of the square images
   * @param step takes a step of so many
   * @throws UserError if they do not fit: how many do
   */
  static void fit(int images, int size, IntConsumer step) {
    Optional<NativeException> failure = failure(images, step);
    if (failure.isEmpty()) {
      return;
    }
    int fits = 0;
    int tooMany = images;
    while (tooMany - fits > 1) {
      int between = (fits + tooMany) / 2;
      if (failure(between, step).isEmpty()) {
        fits = between;
      } else {
        tooMany = between;
      }
    }
    throw new UserError(
        "IMAGES_PER_GPU: expected a step that fits in the memory of %s, found %d images of %d x %d pixels, which need more; %s (%s)"
            .formatted(
                Native.selectedDevice().getString(),
                images,
                size,
                size,
                fits == 0
                    ? "not even one fits; use a smaller IMAGE_MAX_DIM or BACKBONE"
                    : fits + " fit" + (fits == 1 ? "s" : ""),
                failure.get().getMessage()),
        failure.get());
  }

  /** Why a step of so many images has no room; empty where it has. */
  private static Optional<NativeException> failure(int images, IntConsumer step) {
    try {
      step.accept(images);
      return Optional.empty();
    } catch (NativeException e) {
      if (e.kind() != NativeException.Kind.OUT_OF_DEVICE_MEMORY) {
        throw e;
      }
      return Optional.of(e);
    }
  }
}
