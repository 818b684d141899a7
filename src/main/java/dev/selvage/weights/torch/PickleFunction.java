package dev.selvage.weights.torch;

import java.util.List;

/** What a name in a pickle may stand for: a function of ours, never one of Python's. */
@FunctionalInterface
interface PickleFunction {
  /**
   * @throws RuntimeException if the arguments are none that the Python function would be pickled
   *     with
   */
  Object call(List<?> arguments);

  /** An object that the pickle goes on to fill after it is made. */
  interface Buildable {
    void build(Object state);
  }
}
