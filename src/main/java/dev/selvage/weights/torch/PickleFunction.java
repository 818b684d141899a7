package dev.selvage.weights.torch;

import java.util.List;

/** The Java function that stands in for a name in a pickle. No Python code is run. */
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
