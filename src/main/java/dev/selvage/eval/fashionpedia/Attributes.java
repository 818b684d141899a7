package dev.selvage.eval.fashionpedia;

import java.util.BitSet;

/**
 * The attributes of one object.
 *
 * @param set which of them it has, by their places in the file's list
 * @param count how many there are
 */
public record Attributes(BitSet set, int count) {
  /**
   * How well the attributes of a detection fit those of a true object: F1 of "has it" and of "has
   * it not" over all attributes, and the mean of the two. A value that neither of the two objects
   * has anywhere takes no part.
   *
   * @return in 0..1
   */
  double f1(Attributes truth) {
    BitSet common = (BitSet) set.clone();
    common.and(truth.set);
    int both = common.cardinality();
    int sum = set.cardinality() + truth.set.cardinality();
    int neither = count - (sum - both);
    int absent = 2 * count - sum;
    if (sum == 0 || absent == 0) {
      return 1;
    }
    return ((2.0 * both) / sum + (2.0 * neither) / absent) / 2;
  }
}
