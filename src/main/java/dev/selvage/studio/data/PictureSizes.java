package dev.selvage.studio.data;

import dev.selvage.data.image.PhotoSize;

/** How large the pictures of photos are that a page gets. */
public final class PictureSizes {
  /** Longer side of a thumbnail in pixels. */
  static final int THUMBNAIL = 256;

  /** Sides of a tile in pixels; those at the right and the lower edge may be smaller. */
  static final int TILE = 512;

  private PictureSizes() {}

  /** Pixels of a photo's thumbnail, which is never larger than the photo. */
  public static PhotoSize thumbnail(PhotoSize photo) {
    double scale = (double) THUMBNAIL / Math.max(photo.height(), photo.width());
    return scale >= 1
        ? photo
        : new PhotoSize(
            (int) Math.max(1, Math.round(photo.height() * scale)),
            (int) Math.max(1, Math.round(photo.width() * scale)));
  }

  /** Pixels of a photo at a level: half as many a side as at the level before, rounded up. */
  public static PhotoSize level(PhotoSize photo, int level) {
    return new PhotoSize(
        (photo.height() + (1 << level) - 1) >> level, (photo.width() + (1 << level) - 1) >> level);
  }

  /** The levels of a photo: 0 is the photo itself, the last fits into one tile. */
  public static int levels(PhotoSize photo) {
    int level = 0;
    PhotoSize size = photo;
    while (Math.max(size.height(), size.width()) > TILE) {
      level++;
      size = level(photo, level);
    }
    return level + 1;
  }
}
