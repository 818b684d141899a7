package dev.selvage.train;

/** Saves a training: on rank 0. */
interface CheckpointWriter {
  /** Saves nothing: on the other ranks. */
  CheckpointWriter NONE =
      new CheckpointWriter() {
        @Override
        public void saveWeights(int epoch) {}

        @Override
        public void completeEpoch(TrainingState position) {}

        @Override
        public void saveMidEpoch(TrainingState position) {}
      };

  /**
   * Writes the weights after an epoch, which is not complete before {@link #completeEpoch}.
   *
   * @throws dev.selvage.util.UserError if they cannot be written
   */
  void saveWeights(int epoch);

  /**
   * Completes an epoch whose weights are written.
   *
   * @param position the state after the epoch
   * @throws dev.selvage.util.UserError if its state cannot be written
   */
  void completeEpoch(TrainingState position);

  /** Writes everything in the middle of an epoch. */
  void saveMidEpoch(TrainingState position);
}
