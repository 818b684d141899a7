package dev.selvage.nn;

import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of the gradients' arena, which is summed as a whole: over the backward passes of a step,
 * and over the processes that share them. The passes are added up as a binary tree of neighbours,
 * ((0 + 1) + (2 + 3)) + (4 + 5): the sum depends on their order alone, and a process that has a
 * part of them, begun and ended where a branch of the tree does, has that branch's sum.
 */
public final class GradientBucket implements AutoCloseable {
  /** Floats of a bucket that is not a single larger parameter: 16 MB. */
  private static final long LARGEST = 1 << 22;

  /** Floats between two parameters that learn, such as statistics, which may be summed as well. */
  private static final long LARGEST_GAP = 1 << 12;

  private final Parameters parameters;
  private final List<Parameter> members;
  private final Tensor gradients;

  /** The sums of complete branches of 1, 2, 4, ... passes that wait for their neighbour. */
  private final List<Tensor> branches = new ArrayList<>();

  private GradientBucket(Parameters parameters, List<Parameter> members) {
    this.parameters = parameters;
    this.members = members;
    gradients = parameters.gradients(members.get(0).offset(), endOf(members));
  }

  /**
   * Those of all parameters that are trainable now: the last ones of the arena first, since the
   * backward pass comes to them first.
   */
  public static List<GradientBucket> of(Parameters parameters) {
    List<GradientBucket> buckets = new ArrayList<>();
    List<Parameter> members = new ArrayList<>();
    for (Parameter parameter : parameters.trainable()) {
      if (!members.isEmpty() && !fits(members, parameter)) {
        buckets.add(0, new GradientBucket(parameters, members));
        members = new ArrayList<>();
      }
      members.add(parameter);
    }
    buckets.add(0, new GradientBucket(parameters, members));
    return buckets;
  }

  private static boolean fits(List<Parameter> members, Parameter next) {
    return next.offset() - endOf(members) <= LARGEST_GAP
        && next.offset() + next.size() - members.get(0).offset() <= LARGEST;
  }

  private static long endOf(List<Parameter> members) {
    Parameter last = members.get(members.size() - 1);
    return last.offset() + last.size();
  }

  /**
   * Whether all of its gradients have been written in the pass that is under way: each is written
   * once. Those of layers that a pass does not reach are not.
   */
  public boolean isWhole() {
    return members.stream().allMatch(Parameter::hasGradient);
  }

  /** The gradients of the last pass, or their sum. */
  public Tensor gradients() {
    return gradients;
  }

  /**
   * Takes up the gradients of a pass, which must not change any more.
   *
   * @param pass its number, from 0
   * @param passes how many there are; after the last one the gradients are the sum of all
   */
  public void add(int pass, int passes) {
    members.forEach(Parameter::completeGradient);
    members.forEach(Parameter::seal);
    boolean last = pass + 1 == passes;
    int level = 0;
    for (int rest = pass; rest > 0 && (last || (rest & 1) == 1); rest >>= 1) {
      if ((rest & 1) == 1) {
        Ops.add(gradients, branches.get(level));
      }
      level++;
    }
    if (!last) {
      if (branches.size() == level) {
        branches.add(parameters.own(gradients.shape()));
      }
      Ops.copy(branches.get(level), gradients);
    }
  }

  /** Frees the sums of branches; the gradients stay. */
  @Override
  public void close() {
    branches.forEach(Tensor::close);
    branches.clear();
    gradients.close(); // a view
  }
}
