package dev.selvage.ranks;

import dev.selvage.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;

/**
 * The ranks of a training: processes that train one model together. Every rank calls the same
 * methods in the same order. All methods throw {@link dev.selvage.util.UserError} where another
 * rank has failed or does not come in time; the error names it.
 */
public interface Communicator {
  /** A sum that goes on beside the computation. */
  interface Pending {
    /** Waits until the values are the sum. */
    void await();
  }

  /** The number of this process, from 0. Rank 0 writes the files and speaks to the user. */
  int rank();

  /** How many there are. */
  int size();

  /** What every rank gives, in the order of the ranks. */
  List<byte[]> gather(byte[] mine);

  /**
   * What rank 0 gives.
   *
   * @param mine ignored on other ranks
   */
  byte[] broadcast(byte[] mine);

  /** Gives the tensor the values that it has on rank 0. */
  void broadcast(Tensor values);

  /**
   * Begins to replace the values by their sum over the ranks. The order of the additions follows
   * from the ranks alone: ((0 + 1) + (2 + 3)) + (4 + 5). Several sums are formed one after the
   * other.
   *
   * @param values of the same size on all ranks, which nobody may use until the sum is there
   */
  Pending sum(Tensor values);

  /**
   * The sums so far.
   *
   * @param bytes of the values that were summed
   * @param nanos that it took, from the first message to the last
   * @param shownNanos of these, in which the computation waited for it
   */
  record Traffic(long bytes, long nanos, long shownNanos) {}

  /** What {@link #sum} has cost this rank so far. */
  Traffic traffic();

  /** Whether any rank says so. */
  default boolean any(boolean mine) {
    return gather(new byte[] {(byte) (mine ? 1 : 0)}).stream().anyMatch(said -> said[0] != 0);
  }

  /**
   * Where this process writes why it ends, where another process ends without a word: the launcher,
   * which would show what it prints, may be the one.
   */
  default void writeLastWords(Path file) {}

  /** Parts, when all ranks are done. */
  void leave();

  /**
   * Tells the other ranks that this one ends, so that they end too.
   *
   * @param reason what this rank reports
   */
  void fail(String reason);
}
