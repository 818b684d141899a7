package dev.selvage.weights.torch;

import java.util.List;

/** What a name in a pickle may refer to: a function of ours, never one of Python's. */
@FunctionalInterface
interface PickleFunction {
  /**
   * @throws RuntimeException if the Python function is never pickled with such arguments
   */
  Object call(List<?> arguments);

  /** An object that the pickle fills after it is made. */
  interface Buildable {
    void build(Object state);
  }
}
