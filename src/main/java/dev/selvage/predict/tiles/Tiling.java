package dev.selvage.predict.tiles;

import dev.selvage.data.image.PhotoSize;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.List;

/**
 * How photos are cut into tiles.
 *
 * @param size pixels of a tile's sides
 * @param overlap pixels that neighbours share at least
 */
public record Tiling(int size, int overlap) {
  private static final int SMALLEST = 32;

  /**
   * Reads {@code SIZE,OVERLAP}.
   *
   * @throws UserError these are no two whole numbers, the size is below 32, or the overlap is
   *     negative or not smaller than the size
   */
  public static Tiling parse(String text) {
    String[] parts = text.split(",", -1);
    try {
      if (parts.length == 2) {
        Tiling tiling = new Tiling(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        if (tiling.size >= SMALLEST && tiling.overlap >= 0 && tiling.overlap < tiling.size) {
          return tiling;
        }
      }
    } catch (NumberFormatException e) {
      // Reported below, with the value.
    }
    throw new UserError(
        "option --tiles: expected SIZE,OVERLAP in whole pixels, such as 1024,256, SIZE at least %d and larger than OVERLAP, found '%s'"
            .formatted(SMALLEST, text));
  }

  /**
   * The tiles of a photo, row by row; none where a single one would hold it. They are evenly
   * spread.
   */
  public List<Tile> of(PhotoSize photo) {
    List<Tile> tiles = new ArrayList<>();
    if (photo.height() <= size && photo.width() <= size) {
      return tiles;
    }
    int height = Math.min(size, photo.height());
    int width = Math.min(size, photo.width());
    for (int top : starts(photo.height())) {
      for (int left : starts(photo.width())) {
        tiles.add(new Tile(photo, top, left, height, width));
      }
    }
    return tiles;
  }

  private int[] starts(int side) {
    if (side <= size) {
      return new int[] {0};
    }
    int count = 1 + (side - overlap - 1) / (size - overlap);
    int[] starts = new int[count];
    for (int i = 1; i < count; i++) {
      starts[i] = (int) ((long) i * (side - size) / (count - 1));
    }
    return starts;
  }
}
