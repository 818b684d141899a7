package dev.selvage.train.memory;

import dev.selvage.runtime.Native;
import dev.selvage.runtime.NativeException;
import dev.selvage.util.UserError;
import java.util.function.IntConsumer;

/**
 * Finds by trial how many images fit in a GPU's memory if those of a step do not. The estimate of
 * {@link MemoryGuard} may be wrong by a quarter, and on a GPU a step that does not fit ends with an
 * exception.
 */
final class GpuMemory {
  private static final double MIB = 1 << 20;

  private GpuMemory() {}

  /**
   * Runs a step of one image, of two and of all.
   *
   * @param images of a step
   * @param size of the square images
   * @param step takes a step of so many
   * @throws UserError if they do not fit: how much they need and how many do
   */
  static void fit(int images, int size, IntConsumer step) {
    long[] held = new long[2];
    int fits = 0;
    try {
      for (int few = 1; few <= 2 && few < images; few++) {
        step.accept(few);
        held[few - 1] = Native.allocatedBytes();
        fits = few;
      }
      step.accept(images);
    } catch (NativeException e) {
      if (e.kind() != NativeException.Kind.OUT_OF_DEVICE_MEMORY) {
        throw e;
      }
      int tooMany = fits < 2 ? fits + 1 : images;
      while (tooMany - fits > 1) {
        int between = (fits + tooMany) / 2;
        if (passes(between, step)) {
          fits = between;
        } else {
          tooMany = between;
        }
      }
      throw new UserError(
          "IMAGES_PER_GPU: expected a step that fits in the memory of %s, found %d images of %d x %d pixels%s; %s (%s)"
              .formatted(
                  Native.selectedDevice().getString(),
                  images,
                  size,
                  size,
                  need(held, images),
                  fits == 0
                      ? "not even one fits; use a smaller IMAGE_MAX_DIM or BACKBONE"
                      : fits + " fit" + (fits == 1 ? "s" : ""),
                  e.getMessage()),
          e);
    }
  }

  private static boolean passes(int images, IntConsumer step) {
    try {
      step.accept(images);
      return true;
    } catch (NativeException e) {
      if (e.kind() != NativeException.Kind.OUT_OF_DEVICE_MEMORY) {
        throw e;
      }
      return false;
    }
  }

  /** What a step of all needs: what one does, and for each further one what the second added. */
  private static String need(long[] held, int images) {
    if (held[1] == 0) {
      return ", which need more";
    }
    double bytes = held[0] + (images - 1.0) * (held[1] - held[0]);
    return ", which need about %.0f MiB".formatted(bytes / MIB);
  }
}
