package dev.selvage.data.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PhotoDealTest {
  private static final int PHOTOS_OF_A_BATCH = 3;

  private static PhotoDeal deal(int batches, int first, int count) {
    return new PhotoDeal(
        PHOTOS_OF_A_BATCH, new PhotoShare(batches, first, count, UnaryOperator.identity()));
  }

  /** A batch: its photos, and the position that its seed comes from. */
  private record Dealt(List<Long> photos, long begin) {}

  private static Dealt dealt(PhotoDeal deal, int number) {
    return new Dealt(LongStream.of(deal.batch(number)).boxed().toList(), deal.beginOf(number));
  }

  @Test
  void sharesGiveTheBatchesOfOneLoader() {
    SplittableRandom random = new SplittableRandom(4);
    for (int round = 0; round < 50; round++) {
      long[] passedOver =
          LongStream.range(0, 300).filter(position -> random.nextInt(4) == 0).toArray();
      List<Dealt> expected = batches(passedOver, 1, 1);
      assertEquals(expected, batches(passedOver, 8, 8));
      assertEquals(expected, batches(passedOver, 8, 2));
      assertEquals(expected, batches(passedOver, 4, 1));
    }
  }

  /** The first 16 batches, dealt in rounds to several loaders, in the order of their numbers. */
  private static List<Dealt> batches(long[] passedOver, int ofRound, int ofLoader) {
    List<Dealt> all = new ArrayList<>();
    List<PhotoDeal> deals = new ArrayList<>();
    for (int first = 0; first < ofRound; first += ofLoader) {
      deals.add(deal(ofRound, first, ofLoader));
    }
    while (all.size() < 16) {
      for (PhotoDeal deal : deals) {
        deal.passOver(passedOver);
        for (int i = 0; i < ofLoader; i++) {
          all.add(dealt(deal, i));
        }
        deal.startAt(deal.end());
      }
    }
    return all;
  }

  @Test
  void aheadAreThePositionsOfTheRoundsToCome() {
    PhotoDeal deal = deal(2, 1, 1);
    deal.startAt(10);
    deal.passOver(new long[] {14, 17});
    assertArrayEquals(new long[] {13, 15, 16, 21, 22, 23}, deal.ahead(4));
    assertArrayEquals(new long[] {13, 15, 16}, deal.mine());
    assertEquals(17, deal.end());
  }

  @Test
  void theLongestGapTellsThatNothingIsLeft() {
    PhotoDeal deal = deal(1, 0, 1);
    deal.passOver(new long[] {0, 2, 3, 4});
    assertEquals(3, deal.longestGap());
    deal.startAt(3);
    assertEquals(2, deal.longestGap());
  }
}
