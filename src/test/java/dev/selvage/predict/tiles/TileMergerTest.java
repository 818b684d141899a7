package dev.selvage.predict.tiles;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.mask.Rle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TileMergerTest {
  private static final PhotoSize PHOTO = new PhotoSize(160, 180);

  /** Tiles of 100 pixels from rows 0 and 60, and columns 0 and 80. */
  private static final List<Tile> TILES = new Tiling(100, 20).of(PHOTO);

  private final TileMerger merger = new TileMerger(0.3, 1);

  @Test
  void placesWhatATileFinds() {
    merger.add(Optional.of(TILES.get(3)), List.of(inTile(3, 1, 0.9, 70, 100, 30, 20)));
    Detection found = merger.merged().get(0);
    assertEquals(new Box(100, 70, 20, 30), found.box());
    assertEquals(rectangle(PHOTO, 70, 100, 30, 20), found.mask());
  }

  /** A garment across the border of two tiles, and one across the corner of four. */
  @Test
  void joinsPieces() {
    addEach(1, 0.8, 20, 40, 30, 100, 0, 1);
    addEach(2, 0.6, 50, 70, 60, 60, 0, 1, 2, 3);
    List<Detection> found = merger.merged();
    assertEquals(2, found.size());
    assertEquals(rectangle(PHOTO, 20, 40, 30, 100), found.get(0).mask());
    assertEquals(new Box(40, 20, 100, 30), found.get(0).box());
    assertEquals(0.8, found.get(0).score(), 1e-9);
    assertEquals(rectangle(PHOTO, 50, 70, 60, 60), found.get(1).mask());
  }

  /** Two garments of a class across the same border stay two. */
  @Test
  void keepsNeighboursApart() {
    addEach(1, 0.8, 5, 40, 20, 100, 0, 1);
    addEach(1, 0.7, 27, 40, 20, 100, 0, 1);
    List<Detection> found = merger.merged();
    assertEquals(2, found.size());
    assertEquals(rectangle(PHOTO, 27, 40, 20, 100), found.get(1).mask());
  }

  /** What the whole photo shows better is not found again in pieces. */
  @Test
  void leavesLargeObjectsToTheWholePhoto() {
    Detection large = found(PHOTO, 1, 0.7, 5, 5, 150, 170);
    merger.add(Optional.empty(), List.of(large));
    merger.add(Optional.of(TILES.get(0)), List.of(inTile(0, 1, 0.9, 5, 5, 95, 95)));
    merger.add(Optional.of(TILES.get(3)), List.of(inTile(3, 1, 0.8, 60, 80, 95, 95)));
    assertEquals(List.of(large), merger.merged());
  }

  /** A piece that nothing else shows stays, as does one of another class. */
  @Test
  void keepsLonePieces() {
    merger.add(Optional.empty(), List.of(found(PHOTO, 1, 0.7, 5, 5, 150, 170)));
    merger.add(Optional.of(TILES.get(0)), List.of(inTile(0, 2, 0.4, 30, 60, 20, 40)));
    assertEquals(2, merger.merged().size());
  }

  /** Of an object in the common part of two tiles the surest stays. */
  @Test
  void countsObjectsOnce() {
    merger.add(Optional.of(TILES.get(0)), List.of(inTile(0, 1, 0.6, 30, 83, 20, 12)));
    merger.add(Optional.of(TILES.get(1)), List.of(inTile(1, 1, 0.9, 30, 84, 20, 12)));
    List<Detection> found = merger.merged();
    assertEquals(1, found.size());
    assertEquals(0.9, found.get(0).score(), 1e-6);
  }

  /** The part of a rectangle of the photo that each tile shows. */
  private void addEach(
      int classId, double score, int top, int left, int height, int width, int... tiles) {
    for (int t : tiles) {
      Tile tile = TILES.get(t);
      int y1 = Math.max(top, tile.top());
      int x1 = Math.max(left, tile.left());
      int y2 = Math.min(top + height, tile.top() + tile.height());
      int x2 = Math.min(left + width, tile.left() + tile.width());
      merger.add(Optional.of(tile), List.of(inTile(t, classId, score, y1, x1, y2 - y1, x2 - x1)));
    }
  }

  /** A rectangle of the photo, in pixels of a tile. */
  private static Detection inTile(
      int tile, int classId, double score, int top, int left, int height, int width) {
    Tile t = TILES.get(tile);
    return found(t.size(), classId, score, top - t.top(), left - t.left(), height, width);
  }

  private static Detection found(
      PhotoSize size, int classId, double score, int top, int left, int height, int width) {
    return new Detection(
        classId,
        score,
        new Box(left, top, width, height),
        rectangle(size, top, left, height, width));
  }

  private static Rle rectangle(PhotoSize size, int top, int left, int height, int width) {
    byte[] region = new byte[height * width];
    Arrays.fill(region, (byte) 1);
    return Rle.fromRegion(region, top, left, height, width, size.height(), size.width());
  }
}
