package dev.selvage.train.ranks;

import dev.selvage.config.Config;
import dev.selvage.data.loader.PhotoShare;
import dev.selvage.model.Losses;
import dev.selvage.ranks.Communicator;
import dev.selvage.util.UserError;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The batches of a step that a rank computes: those with the numbers {@code first} to {@code first
 * + count - 1}. A batch has IMAGES_PER_GPU photos, and a step GPU_COUNT x ACCUMULATION_STEPS
 * batches.
 *
 * @param batches of a step, over all ranks
 * @param ranks that share them
 */
public record BatchShare(int batches, int first, int count, Communicator ranks) {
  /**
   * An equal share for each rank.
   *
   * @throws UserError the batches cannot be shared so that the sum of their gradients stays the
   *     same bits, or the batches depend on each other
   */
  public static BatchShare of(Config config, Communicator ranks) {
    int batches = config.GPU_COUNT * config.ACCUMULATION_STEPS;
    int size = ranks.size();
    if (!divides(batches, size)) {
      throw new UserError(
          "expected %s ranks for the %d batches of a step (GPU_COUNT=%d times ACCUMULATION_STEPS=%d), found %d; --set GPU_COUNT=%d gives each rank one batch"
              .formatted(
                  IntStream.rangeClosed(1, batches)
                      .filter(ranksOf -> divides(batches, ranksOf))
                      .mapToObj(Integer::toString)
                      .collect(Collectors.joining(" or ")),
                  batches,
                  config.GPU_COUNT,
                  config.ACCUMULATION_STEPS,
                  size,
                  size));
    }
    if (size > 1 && !Boolean.FALSE.equals(config.TRAIN_BN)) {
      throw new UserError(
          "TRAIN_BN: expected false for a training of %d ranks, found %s: moving averages would follow the batches of one rank only"
              .formatted(size, config.TRAIN_BN));
    }
    int count = batches / size;
    return new BatchShare(batches, ranks.rank() * count, count, ranks);
  }

  /** One rank adds up all gradients; the shares of several are branches of the same binary tree. */
  private static boolean divides(int batches, int ranks) {
    return ranks == 1 || batches % ranks == 0 && Integer.bitCount(batches / ranks) == 1;
  }

  /** The share of the photos, which all ranks visit in one order. */
  public PhotoShare photos() {
    return ranks.size() == 1 ? PhotoShare.ALL : new PhotoShare(batches, first, count, this::joined);
  }

  /**
   * The losses of all batches, in their order.
   *
   * @param norm of the gradients, which all ranks have; other weights would give another
   * @param where epoch and step
   * @throws UserError another rank has another norm
   */
  public List<Losses> all(List<Losses> own, double norm, String where) {
    ByteBuffer mine =
        ByteBuffer.allocate((1 + own.size() * Losses.NAMES.size()) * Double.BYTES).putDouble(norm);
    own.forEach(losses -> DoubleStream.of(losses.values()).forEach(mine::putDouble));
    List<byte[]> said = ranks.gather(mine.array());
    double expected = ByteBuffer.wrap(said.get(0)).getDouble();
    List<Losses> all = new ArrayList<>();
    for (int rank = 0; rank < said.size(); rank++) {
      ByteBuffer values = ByteBuffer.wrap(said.get(rank));
      double found = values.getDouble();
      if (Double.compare(found, expected) != 0) {
        throw new UserError(
            "%s: expected the gradients' norm of rank 0 (%s) on rank %d, found %s: the ranks' weights are no longer the same; please report it"
                .formatted(where, expected, rank, found));
      }
      while (values.hasRemaining()) {
        all.add(Losses.of(Losses.NAMES.stream().mapToDouble(name -> values.getDouble()).toArray()));
      }
    }
    return all;
  }

  private long[] joined(long[] own) {
    ByteBuffer mine = ByteBuffer.allocate(own.length * Long.BYTES);
    LongStream.of(own).forEach(mine::putLong);
    return ranks.gather(mine.array()).stream()
        .flatMapToLong(
            bytes -> {
              long[] numbers = new long[bytes.length / Long.BYTES];
              ByteBuffer.wrap(bytes).asLongBuffer().get(numbers);
              return LongStream.of(numbers);
            })
        .toArray();
  }
}
