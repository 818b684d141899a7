package dev.selvage.predict.tiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.image.PhotoSize;
import dev.selvage.util.UserError;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TilingTest {
  @Test
  void readsSizeAndOverlap() {
    assertEquals(new Tiling(1024, 256), Tiling.parse("1024,256"));
    assertEquals(new Tiling(32, 0), Tiling.parse("32,0"));
    for (String wrong :
        List.of(
            "",
            "1024",
            "1024,",
            "1024,256,1",
            "a,b",
            "64,64",
            "64,65",
            "31,4",
            "64,-1",
            "64.5,8")) {
      UserError error = assertThrows(UserError.class, () -> Tiling.parse(wrong), wrong);
      assertTrue(
          error.getMessage().startsWith("option --tiles: expected SIZE,OVERLAP in whole pixels"),
          error.getMessage());
      assertTrue(error.getMessage().endsWith("found '" + wrong + "'"), error.getMessage());
    }
  }

  @Test
  void spreadsTilesEvenly() {
    assertEquals(List.of(), new Tiling(100, 20).of(new PhotoSize(100, 60)));
    PhotoSize photo = new PhotoSize(60, 250);
    assertEquals(
        List.of(
            new Tile(photo, 0, 0, 60, 100),
            new Tile(photo, 0, 75, 60, 100),
            new Tile(photo, 0, 150, 60, 100)),
        new Tiling(100, 20).of(photo));
  }

  /** Every pixel is in a tile, and neighbours share enough. */
  @Property(tries = 200)
  void coversThePhoto(
      @ForAll @IntRange(min = 1, max = 3000) int side,
      @ForAll @IntRange(min = 32, max = 500) int size,
      @ForAll @IntRange(min = 0, max = 499) int share) {
    int overlap = share % size;
    PhotoSize photo = new PhotoSize(side, 1);
    List<Tile> tiles = new Tiling(size, overlap).of(photo);
    assertEquals(side <= size, tiles.isEmpty());
    int end = 0;
    for (Tile tile : tiles) {
      assertEquals(size, tile.height());
      assertTrue(tile.top() == 0 || tile.top() <= end - overlap, tile::toString);
      end = tile.top() + size;
    }
    assertTrue(tiles.isEmpty() || end == side, tiles::toString);
    assertTrue(tiles.size() <= 1 + (side + size - overlap - 1) / (size - overlap));
  }
}
