package dev.selvage.train;

import dev.selvage.run.RunFolder;
import dev.selvage.tensorboard.EventFile;
import java.util.List;

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
  RunFiles(RunFolder folder, Checkpoints checkpoints, TrainingState position, int kept) {
    this.kept = kept;
    this.checkpoints = checkpoints;
    log = new EpochLog(folder.log(), position.epochs);
    events = new EventFile(folder.events(), position.epochs - 1);
  }

  /**
   * Writes what belongs to an epoch that is complete. The state comes last: as long as it is not
   * there, the epoch does not count, and all this is written again.
   */
  void saveEpoch(TrainingState position, EpochReport report) {
    EpochRow row = report.row();
    int epoch = row.epoch() - 1; // Keras counts them from 0 here
    checkpoints.saveWeights(position.epochs);
    log.append(row);
    events.append(epoch, row.curves());
    report.exhibits().forEach(exhibit -> events.append(epoch, List.of(exhibit)));
    if (position.bestEpoch == position.epochs) {
      checkpoints.linkBest(position);
    }
    checkpoints.saveState(position);
    checkpoints.keepLast(kept, position);
  }

  void saveMidEpoch(TrainingState position) {
    checkpoints.saveMidEpoch(position);
  }
}
