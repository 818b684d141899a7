package dev.selvage.data.loader;

import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Which photos make which batch: the positions of the endless order, without those that are passed
 * over, go to the batches one after the other, {@code batchSize} to each. A loader deals with a
 * round of batches at a time, and knows the positions of its own share in later rounds as far as it
 * is known which are passed over.
 */
final class PhotoDeal {
  private final int batchSize;
  private final PhotoShare share;
  private final TreeSet<Long> passedOver = new TreeSet<>();
  private long begin;

  PhotoDeal(int batchSize, PhotoShare share) {
    this.batchSize = batchSize;
    this.share = share;
  }

  /** Begins a round at a position. */
  void startAt(long position) {
    begin = position;
    passedOver.headSet(position).clear();
  }

  /** The first position of the round. */
  long begin() {
    return begin;
  }

  /** The first position after the round. */
  long end() {
    long[] round = round();
    return round[round.length - 1] + 1;
  }

  /** Leaves positions out of all batches. */
  void passOver(long[] positions) {
    Arrays.stream(positions).forEach(passedOver::add);
  }

  /** The most positions in a row that are passed over before the end of the round. */
  int longestGap() {
    int longest = 0;
    int gap = 0;
    long end = end();
    for (long at = begin; at < end; at++) {
      gap = passedOver.contains(at) ? gap + 1 : 0;
      longest = Math.max(longest, gap);
    }
    return longest;
  }

  /** The positions of one of this loader's batches of the round, [batchSize]. */
  long[] batch(int number) {
    int from = (share.first() + number) * batchSize;
    return Arrays.copyOfRange(round(), from, from + batchSize);
  }

  /** The position after the one that is the last of the batch before. */
  long beginOf(int number) {
    int from = (share.first() + number) * batchSize;
    return from == 0 ? begin : round()[from - 1] + 1;
  }

  /** This loader's positions of the round. */
  long[] mine() {
    return IntStream.range(0, share.count())
        .mapToObj(this::batch)
        .flatMapToLong(LongStream::of)
        .toArray();
  }

  /**
   * This loader's positions from the round on.
   *
   * @param least how many; as many more as make a round whole
   */
  long[] ahead(int least) {
    LongStream.Builder positions = LongStream.builder();
    long at = begin;
    for (int n = 0; n < least; n += share.count() * batchSize) {
      for (int batch = 0; batch < share.batches(); batch++) {
        boolean own = batch >= share.first() && batch < share.first() + share.count();
        for (int i = 0; i < batchSize; i++) {
          at = next(at);
          if (own) {
            positions.add(at);
          }
          at++;
        }
      }
    }
    return positions.build().toArray();
  }

  private long[] round() {
    long[] positions = new long[share.batches() * batchSize];
    long at = begin;
    for (int i = 0; i < positions.length; i++) {
      positions[i] = next(at);
      at = positions[i] + 1;
    }
    return positions;
  }

  private long next(long from) {
    long at = from;
    while (passedOver.contains(at)) {
      at++;
    }
    return at;
  }
}
