package dev.selvage.train;

import dev.selvage.config.Config;
import dev.selvage.model.ParameterTable;
import dev.selvage.nn.Parameters;
import dev.selvage.ranks.Communicator;

/**
 * The weights of a run: those that training moves, and those that are validated and saved for use.
 * The latter are an exponential moving average of the former over the steps, normalization
 * statistics included (Polyak and Juditsky 1992), or the same where EMA_DECAY is 0. The average
 * costs the weights' memory once more, and in each step one pass over it.
 */
final class EmaWeights implements AutoCloseable {
  private final Parameters training;
  private final Parameters averaged;
  private final double decay;

  EmaWeights(Config config) {
    decay = config.EMA_DECAY;
    training = new Parameters(ParameterTable.of(config));
    averaged = decay > 0 ? new Parameters(ParameterTable.of(config)) : training;
  }

  /** The weights that the steps move. */
  Parameters training() {
    return training;
  }

  /** Whether the averages are other weights than the training's. */
  boolean areKept() {
    return averaged != training;
  }

  /** The weights that are validated and saved for use. */
  Parameters weights() {
    return averaged;
  }

  /** Takes over the weights, momenta and averages of rank 0; all ranks call it. */
  void takeFromFirst(Communicator ranks) {
    training.arenas().forEach(ranks::broadcast);
    training.changed();
    if (areKept()) {
      averaged.arenas().forEach(ranks::broadcast);
      averaged.changed();
    }
  }

  /** Begins anew with the training's weights. */
  void reset() {
    if (areKept()) {
      averaged.copyFrom(training);
    }
  }

  /**
   * Takes up the weights after a step. The decay rises to its value as steps go by, so that the
   * first weights are soon forgotten.
   *
   * @param step of the run, counted from 0
   */
  void follow(long step) {
    if (areKept()) {
      averaged.moveTowards(training, 1 - Math.min(decay, (1.0 + step) / (10.0 + step)));
    }
  }

  /** Lets the weight decay count in the losses as in the training's. */
  void countPenalty() {
    if (areKept()) {
      averaged.countTrainableOf(training);
    }
  }

  @Override
  public void close() {
    if (areKept()) {
      averaged.close();
    }
    training.close();
  }
}
