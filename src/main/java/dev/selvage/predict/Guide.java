package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.image.Photos;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.data.image.ResizedPhoto;
import java.util.Optional;

/**
 * A photo's brightness, small enough to be kept for many photos: what {@link EdgeFilter} looks for
 * edges in.
 *
 * @param brightness [height,width] flat, 0..255
 */
public record Guide(byte[] brightness, int height, int width) {
  /** Pixels of the longer side at most; more of them made masks of street photos hardly better. */
  private static final int LONGER_SIDE = 256;

  /** The photo in the model's image, without the padding around it. */
  public static Guide of(ResizedPhoto photo) {
    ResizePlan plan = photo.plan();
    byte[] rgb = new byte[3 * plan.height() * plan.width()];
    photo.rgb().position(0).get(rgb);
    int[] window = plan.window();
    int high = window[2] - window[0];
    int wide = window[3] - window[1];
    double scale = Math.min(1, (double) LONGER_SIDE / Math.max(high, wide));
    int height = Math.max(1, (int) Math.rint(high * scale));
    int width = Math.max(1, (int) Math.rint(wide * scale));
    byte[] brightness = new byte[height * width];
    for (int y = 0; y < height; y++) {
      int top = window[0] + y * high / height;
      int bottom = Math.max(top + 1, window[0] + (y + 1) * high / height);
      for (int x = 0; x < width; x++) {
        int left = window[1] + x * wide / width;
        int right = Math.max(left + 1, window[1] + (x + 1) * wide / width);
        brightness[y * width + x] = (byte) mean(rgb, plan.width(), top, left, bottom, right);
      }
    }
    return new Guide(brightness, height, width);
  }

  /** The mean brightness of some pixels, by the weights of ITU-R BT.601. */
  private static int mean(byte[] rgb, int row, int top, int left, int bottom, int right) {
    long sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int at = 3 * (y * row + left); at < 3 * (y * row + right); at += 3) {
        sum += 299 * (rgb[at] & 0xff) + 587 * (rgb[at + 1] & 0xff) + 114 * (rgb[at + 2] & 0xff);
      }
    }
    return (int) (sum / (1000L * (bottom - top) * (right - left)));
  }

  /**
   * Reads a photo of a dataset again, as a model with these settings sees it; empty where it cannot
   * be used.
   */
  public static Optional<Guide> of(Photos photos, Config config, Dataset dataset, int image) {
    ResizePlan plan = ResizePlan.of(config, dataset.height(image), dataset.width(image), null);
    Optional<ResizedPhoto> photo = photos.resized(dataset.path(image), plan);
    try {
      return photo.map(Guide::of);
    } finally {
      photo.ifPresent(ResizedPhoto::close);
    }
  }
}
