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
 *
 * <p>The sum over the ranks begins in the backward pass of the last batch: each bucket is sent when
 * it is whole, while the layers before it are computed. All ranks send all buckets in one order.
 */
final class GradientSum {
  private final Parameters parameters;
  private final BatchShare share;
  private final List<Pending> pending = new ArrayList<>();
  private List<GradientBucket> buckets = List.of();
  private int batch;

  /** Buckets that have taken up the gradients of the batch. */
  private int taken;

  private long waitNanos;

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
   * The backward pass of a batch is going to begin.
   *
   * @param number of the batch among this rank's, from 0
   */
  void begin(int number) {
    if (buckets.isEmpty()) {
      buckets = GradientBucket.of(parameters);
    }
    batch = number;
    taken = 0;
    if (isLast() && share.ranks().size() > 1) {
      parameters.onGradient(this::takeWhole);
    }
  }

  /** The backward pass has ended: layers that it has not reached have gradients of zero. */
  void end() {
    parameters.onGradient(() -> {});
    while (taken < buckets.size()) {
      takeNext();
    }
  }

  /** Waits until the gradients of the parameters are the sum over all batches of the step. */
  void await() {
    long begin = System.nanoTime();
    pending.forEach(Pending::await);
    pending.clear();
    waitNanos += System.nanoTime() - begin;
  }

  /** Ends what a step that has failed has begun: sums use the memory of the gradients. */
  void abandon() {
    parameters.onGradient(() -> {});
    for (Pending sum : pending) {
      try {
        sum.await();
      } catch (RuntimeException e) {
        // the step has failed before
      }
    }
    pending.clear();
  }

  /** How long {@link #await} has taken altogether: what the computation did not hide. */
  long waitNanos() {
    return waitNanos;
  }

  private boolean isLast() {
    return batch + 1 == share.count();
  }

  private void takeWhole() {
    while (taken < buckets.size() && buckets.get(taken).isWhole()) {
      takeNext();
    }
  }

  private void takeNext() {
    GradientBucket bucket = buckets.get(taken++);
    bucket.add(batch, share.count());
    if (isLast()) {
      pending.add(share.ranks().sum(bucket.gradients()));
    }
  }
}
