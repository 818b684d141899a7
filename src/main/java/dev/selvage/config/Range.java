package dev.selvage.config;

import java.util.function.DoublePredicate;

/**
 * The numbers that a setting may have.
 *
 * @param description completes "must be"
 */
record Range(String description, DoublePredicate numbers) {
  static final Range ANY = new Range("a number", value -> true);
  static final Range POSITIVE = new Range("greater than 0", value -> value > 0);

  /** A share of which neither all nor a negative part makes sense. */
  static final Range BELOW_ONE =
      new Range("at least 0 and below 1", value -> value >= 0 && value < 1);

  static final Range BETWEEN_ZERO_AND_ONE =
      new Range("greater than 0 and below 1", value -> value > 0 && value < 1);

  static Range atLeast(int least) {
    return new Range("at least " + least, value -> value >= least);
  }

  static Range between(int least, int most) {
    return new Range(
        "at least %d and at most %d".formatted(least, most),
        value -> value >= least && value <= most);
  }

  /**
   * A single number.
   *
   * @param meaning why it is this one, for messages
   */
  static Range exactly(int number, String meaning) {
    return new Range("%d (%s)".formatted(number, meaning), value -> value == number);
  }

  boolean contains(double value) {
    return numbers.test(value);
  }
}
