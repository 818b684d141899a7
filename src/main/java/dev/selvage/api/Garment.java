package dev.selvage.api;

/**
 * One garment that the model found in a photo.
 *
 * @param category its name, such as "pants"; "class 1", "class 2" and so on where no run names the
 *     categories
 * @param score the model's confidence, in 0..1
 * @param box around the garment
 * @param mask the garment's pixels, at the photo's size
 */
public record Garment(String category, double score, Box box, Mask mask) {
  /** A box in pixels of the photo, not rounded: its top left corner and its size. */
  public record Box(double x, double y, double width, double height) {}
}
