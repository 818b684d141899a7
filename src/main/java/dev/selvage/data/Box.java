package dev.selvage.data;

import dev.selvage.mask.Rle;

/**
 * A box in pixels of an image, fractions included. It covers x to x + width and y to y + height.
 *
 * @param x left edge
 * @param y top edge
 */
public record Box(double x, double y, double width, double height) {
  /** The tightest box around a mask; all zeros for an empty mask. */
  public static Box of(Rle mask) {
    int[] edges = mask.box();
    return new Box(edges[1], edges[0], edges[3] - edges[1], edges[2] - edges[0]);
  }

  /** In square pixels. */
  public double area() {
    return width * height;
  }

  /** The area that both boxes cover, in square pixels; 0 for boxes that do not overlap. */
  public double intersection(Box other) {
    double commonWidth = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
    double commonHeight = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
    return commonWidth <= 0 || commonHeight <= 0 ? 0 : commonWidth * commonHeight;
  }
}
