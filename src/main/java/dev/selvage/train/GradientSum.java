package dev.selvage.train;

import dev.selvage.nn.GradientBucket;
import dev.selvage.nn.Parameters;
import dev.selvage.ranks.Communicator.Pending;
import java.util.ArrayList;
import java.util.List;

/**
 * The sum of the gradients of all batches of a step: over the batches of this rank, then over the
 * ranks. Both are parts of one binary tree over the batches, so that the bits do not depend on the
 * number of ranks.
 */
final class GradientSum {
  private final Parameters parameters;
  private final BatchShare share;
  private final List<Pending> pending = new ArrayList<>();
  private List<GradientBucket> buckets = List.of();

  GradientSum(Parameters parameters, BatchShare share) {
    this.parameters = parameters;
    this.share = share;
  }

  /** To be called when other parameters learn. */
  void reset() {
    buckets.forEach(GradientBucket::close);
    buckets = List.of();
  }

  /**
   * Takes up the gradients of a batch whose backward pass has ended, and begins to sum over the
   * ranks after the last.
   *
   * @param batch its number among this rank's, from 0
   */
  void add(int batch) {
    if (buckets.isEmpty()) {
      buckets = GradientBucket.of(parameters);
    }
    for (GradientBucket bucket : buckets) {
      bucket.add(batch, share.count());
      if (batch + 1 == share.count()) {
        pending.add(share.ranks().sum(bucket.gradients()));
      }
    }
  }

  /** Waits until the gradients of the parameters are the sum over all batches of the step. */
  void await() {
    pending.forEach(Pending::await);
    pending.clear();
  }
}
