package dev.selvage.train;

import dev.selvage.ranks.Communicator;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Validation by rank 0. The other ranks wait for what it has found; signs of life tell them that it
 * is at work, however long it takes.
 */
final class FirstRankValidation {
  private static final long NANOS_BETWEEN_SIGNS = TimeUnit.SECONDS.toNanos(1);

  /** What rank 0 says: that it goes on, that it was stopped, or what it has found. */
  private enum Word {
    GOES_ON,
    STOPPED,
    DONE
  }

  private FirstRankValidation() {}

  /**
   * On rank 0.
   *
   * @param own what measures
   * @param stop of this rank, which it asks while the others wait
   */
  static Validator leading(Validator own, Communicator ranks, BooleanSupplier stop) {
    return (at, agreed) -> {
      long[] last = {System.nanoTime()};
      Optional<EpochReport> report =
          own.report(
              at,
              () -> {
                if (System.nanoTime() - last[0] > NANOS_BETWEEN_SIGNS) {
                  say(ranks, Word.GOES_ON, at);
                  last[0] = System.nanoTime();
                }
                return stop.getAsBoolean();
              });
      say(ranks, report.isPresent() ? Word.DONE : Word.STOPPED, at);
      return report;
    };
  }

  private static void say(Communicator ranks, Word word, TrainingState at) {
    ByteBuffer said = ByteBuffer.allocate(2 * Integer.BYTES + Double.BYTES);
    ranks.broadcast(said.putInt(word.ordinal()).putInt(at.bestEpoch).putDouble(at.bestAp).array());
  }

  /** On the other ranks. Their reports have no figures. */
  static Validator following(Communicator ranks) {
    return (at, agreed) -> {
      while (true) {
        ByteBuffer said = ByteBuffer.wrap(ranks.broadcast(new byte[0]));
        Word word = Word.values()[said.getInt()];
        if (word == Word.STOPPED) {
          return Optional.empty();
        } else if (word == Word.DONE) {
          at.bestEpoch = said.getInt();
          at.bestAp = said.getDouble();
          return Optional.of(EpochReport.of(at, Double.NaN, 0, new LossMean(), Map.of()));
        }
      }
    };
  }
}
