package dev.selvage.data.image;

import org.bytedeco.javacpp.BytePointer;

/**
 * A photo as the model takes it, and what leads back to the original.
 *
 * @param rgb [plan.height, plan.width, 3] bytes outside the Java heap; freed by {@link #close}
 * @param plan sizes, scale and window
 */
public record ResizedPhoto(BytePointer rgb, ResizePlan plan) implements AutoCloseable {
  /** The mirror image, left for right, in memory of its own. */
  public ResizedPhoto mirrored() {
    byte[] pixels = new byte[3 * plan.height() * plan.width()];
    rgb.position(0).get(pixels);
    int row = 3 * plan.width();
    byte[] mirror = new byte[pixels.length];
    for (int at = 0; at < pixels.length; at += 3) {
      int x = at % row;
      System.arraycopy(pixels, at, mirror, at - x + row - 3 - x, 3);
    }
    return new ResizedPhoto(new BytePointer(mirror), plan.mirrored());
  }

  @Override
  public void close() {
    rgb.deallocate();
  }
}
