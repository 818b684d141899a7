package dev.selvage.data.image;

import org.bytedeco.javacpp.BytePointer;

/**
 * A photo as the model takes it, and what leads back to the original.
 *
 * @param rgb [plan.height, plan.width, 3] bytes outside the Java heap; freed by {@link #close}
 * @param plan sizes, scale and window
 */
public record ResizedPhoto(BytePointer rgb, ResizePlan plan) implements AutoCloseable {
  @Override
  public void close() {
    rgb.deallocate();
  }
}
