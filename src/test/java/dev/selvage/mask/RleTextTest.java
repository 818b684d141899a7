package dev.selvage.mask;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** COCO's and Kaggle's ways of writing run lengths. */
class RleTextTest {
  /** Strings from pycocotools' encode for the same counts. */
  @Test
  void writesCocosCharacters() {
    Rle mask = new Rle(3, 4, new int[] {2, 3, 2, 2, 3});
    assertEquals("232O1", CocoRle.write(mask));
    assertEquals(mask, CocoRle.read("232O1", 3, 4));
    assertEquals("0_9", CocoRle.write(new Rle(303, 1, new int[] {0, 303})));
    assertEquals("P3P3P3^1", CocoRle.write(new Rle(430, 1, new int[] {96, 96, 96, 142})));
  }

  @Property(tries = 300)
  void textRoundTrips(@ForAll @IntRange(min = 1, max = 300) int height, @ForAll long seed) {
    Rle mask = Rle.fromBitmask(Masks.random(height, 17, seed), height, 17);
    assertEquals(mask, CocoRle.read(CocoRle.write(mask), height, 17));
    assertEquals(mask, KaggleRle.read(KaggleRle.write(mask), height, 17));
  }

  @ParameterizedTest
  @CsvSource({"23,add up", "2~,position 2", "232o,end inside", "2O,decodes to -1"})
  void refusesBrokenCocoText(String text, String reason) {
    String message = assertThrows(UserError.class, () -> CocoRle.read(text, 3, 4)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  @Test
  void readsKagglePairsFromOneAndAcrossColumns() {
    Rle mask = KaggleRle.read("3 3 8 2", 3, 4);
    assertArrayEquals(new int[] {2, 3, 2, 2, 3}, mask.counts());
    assertEquals("3 3 8 2", KaggleRle.write(mask));
    assertEquals(Rle.empty(3, 4), KaggleRle.read("", 3, 4));
    assertEquals("", KaggleRle.write(Rle.empty(3, 4)));
  }

  @Test
  void joinsKagglePairsThatOverlapOrStandOutOfOrder() {
    assertEquals(KaggleRle.read("3 3 8 2", 3, 4), KaggleRle.read("8 2 3 2 4 2 4 1", 3, 4));
  }

  @ParameterizedTest
  @CsvSource({
    "3 3 8,found 3 values",
    "0 3,lies outside",
    "11 3,lies outside",
    "3 x,found 'x'",
    "3 0,lies outside"
  })
  void refusesBrokenKagglePairs(String text, String reason) {
    String message = assertThrows(UserError.class, () -> KaggleRle.read(text, 3, 4)).getMessage();
    assertTrue(message.contains(reason), message);
  }
}
