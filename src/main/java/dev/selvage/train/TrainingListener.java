package dev.selvage.train;

/**
 * Receives the progress of training. All methods are called on the training thread. A method that
 * throws ends the training.
 */
public interface TrainingListener {
  /**
   * Training begins or goes on.
   *
   * @param epochs that are complete. What a listener has written about later ones is out of date:
   *     they are trained again and reported again.
   */
  default void trainingBegan(int epochs) {}

  /** An epoch begins, or goes on after some of its steps. */
  default void epochBegan(EpochProgress at) {}

  /** A step is done, whether or not it was skipped. */
  default void stepDone(EpochProgress at) {}

  /**
   * A step changed no weight, because its gradients overflowed f16. {@link #stepDone} follows.
   *
   * @param epoch counted from 1
   * @param step of the epoch, counted from 1
   * @param lossScale of the steps from here on
   */
  default void stepSkipped(int epoch, int step, double lossScale) {}

  /** The steps of an epoch are done and something is measured on the photos held out. */
  default void measuring(String what) {}

  /**
   * An epoch is complete. Its weights are saved and its state is not: the state comes last and
   * makes the epoch count, so an epoch that counts has always been reported. After a crash between
   * the two the epoch is reported again.
   */
  default void epochDone(EpochReport report) {}

  /** Training ends: complete, stopped or by an error. */
  default void trainingEnded() {}
}
