package dev.selvage.ranks;

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
public final class GradientSum {
  private final Parameters parameters;
  private final Communicator ranks;
  private final int count;
  private final List<Pending> pending = new ArrayList<>();
  private List<GradientBucket> buckets = List.of();
  private int batch;

  /** Buckets that have taken up the gradients of the batch. */
  private int taken;

  /**
   * A sum over all steps.
   *
   * @param count batches of this rank in a step; a power of two where there are several ranks
   */
  public GradientSum(Parameters parameters, Communicator ranks, int count) {
    this.parameters = parameters;
    this.ranks = ranks;
    this.count = count;
  }

  /** To be called when other parameters learn. */
  public void reset() {
    buckets.forEach(GradientBucket::close);
    buckets = List.of();
  }

  /**
   * The backward pass of a batch is going to begin.
   *
   * @param number of the batch among this rank's, from 0
   */
  public void begin(int number) {
    if (buckets.isEmpty()) {
      buckets = GradientBucket.of(parameters);
    }
    batch = number;
    taken = 0;
    if (isLast() && ranks.size() > 1) {
      parameters.onGradient(this::takeWhole);
    }
  }

  /** The backward pass has ended: layers that it has not reached have gradients of zero. */
  public void end() {
    parameters.onGradient(null);
    while (taken < buckets.size()) {
      takeNext();
    }
  }

  /** Waits until the gradients of the parameters are the sum over all batches of the step. */
  public void await() {
    pending.forEach(Pending::await);
    pending.clear();
  }

  /** Ends what a step that has failed has begun: sums use the memory of the gradients. */
  public void abandon() {
    parameters.onGradient(null);
    for (Pending sum : pending) {
      try {
        sum.await();
      } catch (RuntimeException e) {
        // the step has failed before
      }
    }
    pending.clear();
  }

  private boolean isLast() {
    return batch + 1 == count;
  }

  private void takeWhole() {
    while (taken < buckets.size() && buckets.get(taken).isWhole()) {
      takeNext();
    }
  }

  private void takeNext() {
    GradientBucket bucket = buckets.get(taken++);
    bucket.add(batch, count);
    if (isLast()) {
      pending.add(ranks.sum(bucket.gradients()));
    }
  }
}
