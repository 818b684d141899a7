package dev.selvage.predict.tiles;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.mask.Rle;
import dev.selvage.mask.RleBuilder;

/**
 * A part of a photo.
 *
 * @param photo pixels of the photo
 * @param top row of the photo at which the tile begins
 * @param height pixels of the tile
 */
public record Tile(PhotoSize photo, int top, int left, int height, int width) {
  /** An object ends at a border that is nearer than this part of the tile's longer side. */
  private static final double NEAR = 0.02;

  /** Pixels of the tile. */
  public PhotoSize size() {
    return new PhotoSize(height, width);
  }

  /** Whether an object in pixels of the tile may go on beyond it, in another part of the photo. */
  boolean cuts(Box box) {
    double near = NEAR * Math.max(height, width);
    return top > 0 && box.y() < near
        || left > 0 && box.x() < near
        || top + height < photo.height() && box.y() + box.height() > height - near
        || left + width < photo.width() && box.x() + box.width() > width - near;
  }

  /** What was found in the tile, in pixels of the photo. */
  Detection onPhoto(Detection found) {
    Box box = found.box();
    return new Detection(
        found.classId(),
        found.score(),
        new Box(box.x() + left, box.y() + top, box.width(), box.height()),
        found.area(),
        onPhoto(found.mask()));
  }

  private Rle onPhoto(Rle mask) {
    RleBuilder runs = new RleBuilder(mask.counts().length);
    int at = 0;
    for (int i = 0; i < mask.counts().length; i++) {
      int end = at + mask.counts()[i];
      while (i % 2 == 1 && at < end) {
        int row = at % height;
        int length = Math.min(end - at, height - row);
        runs.set((left + at / height) * photo.height() + top + row, length);
        at += length;
      }
      at = end;
    }
    return runs.build(photo.height(), photo.width());
  }

  /** The pixels of the photo that this tile and another one have in common. */
  Rle common(Tile other) {
    int y1 = Math.max(top, other.top);
    int y2 = Math.min(top + height, other.top + other.height);
    int x1 = Math.max(left, other.left);
    int x2 = Math.min(left + width, other.left + other.width);
    RleBuilder runs = new RleBuilder(2 * width);
    for (int x = x1; x < x2 && y1 < y2; x++) {
      runs.set(x * photo.height() + y1, y2 - y1);
    }
    return runs.build(photo.height(), photo.width());
  }
}
