package dev.selvage.train;

/** Everything that a run writes while it trains. */
final class RunFiles {
  private final Checkpoints checkpoints;
  private final EpochLog log;
  private final EventFile events;
  private final int kept;

  /**
   * Drops from the logs what lies beyond the complete epochs of the position.
   *
   * @param kept KEEP_CHECKPOINTS
   */
  RunFiles(RunFolder folder, Checkpoints checkpoints, Position position, int kept) {
    this.kept = kept;
    this.checkpoints = checkpoints;
    log = new EpochLog(folder.log(), position.epochs);
    events = new EventFile(folder.events(), position.epochs - 1);
  }

  /**
   * Writes what belongs to an epoch that is complete. The state comes last: as long as it is not
   * there, the epoch does not count, and all this is written again.
   */
  void saveEpoch(Position position, EpochRow row) {
    checkpoints.saveWeights(position.epochs);
    log.append(row);
    events.append(row.epoch() - 1, row.curves()); // Keras counts epochs from 0 here
    if (position.bestEpoch == position.epochs) {
      checkpoints.linkBest(position);
    }
    checkpoints.saveState(position);
    checkpoints.keepLast(kept, position);
  }

  void saveMidway(Position position) {
    checkpoints.saveMidway(position);
  }
}
