package dev.selvage.nn;

import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.function.Consumer;

/** Some of the rows along the first axis of tensors. */
record Rows(long first, long count) {
  /** Goes through all rows in groups of at most a size, each inside a scope of its own. */
  static void inGroups(long all, long size, Consumer<Rows> action) {
    for (long first = 0; first < all; first += size) {
      Rows rows = new Rows(first, Math.min(size, all - first));
      Scope.run(() -> action.accept(rows));
    }
  }

  /** These rows of a tensor: the tensor itself where they are all; null of null. */
  Tensor of(Tensor whole) {
    if (whole == null || count == whole.dim(0)) {
      return whole;
    }
    long[] shape = whole.shape();
    shape[0] = count;
    return whole.view(first * (whole.size() / whole.dim(0)), shape);
  }
}
