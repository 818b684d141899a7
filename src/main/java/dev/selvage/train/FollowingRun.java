package dev.selvage.train;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.data.split.Split;
import dev.selvage.model.MaskRcnn;
import dev.selvage.ranks.Communicator;
import dev.selvage.train.memory.MemoryGuard;
import dev.selvage.train.ranks.BatchShare;
import dev.selvage.train.ranks.SharedStart;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The part that a rank other than 0 has in a run: it computes its share of every step and knows
 * nothing of the run's files. It holds the weights until it is closed.
 */
public final class FollowingRun implements AutoCloseable {
  private final Communicator ranks;
  private final Config config;
  private final Dataset dataset;
  private final Split split;
  private final long seed;
  private final EmaWeights averages;
  private final TrainingState state;

  private FollowingRun(Communicator ranks, Dataset dataset, SharedStart start) {
    this.ranks = ranks;
    this.dataset = dataset;
    config = start.config();
    split = start.split();
    seed = start.seed();
    state = TrainingState.restore(start.state());
    averages = new EmaWeights(config);
  }

  /**
   * Waits for rank 0 to begin or continue a run, and takes over what it begins with.
   *
   * @param dataset the same as rank 0 has
   */
  public static FollowingRun join(Communicator ranks, Dataset dataset) {
    FollowingRun run = new FollowingRun(ranks, dataset, SharedStart.receive(ranks));
    try {
      Checkpoints.makeMomenta(run.averages.training(), run.state, new Schedule(run.config));
      run.averages.takeFromFirst(ranks);
      return run;
    } catch (RuntimeException e) {
      run.close();
      throw e;
    }
  }

  /**
   * Trains until the run is complete or a rank says stop.
   *
   * @param loaders threads that prepare photos
   */
  public void train(int loaders, BooleanSupplier stop) {
    MemoryGuard.room().flatMap(room -> MemoryGuard.check(config, room)); // rank 0 warns
    BatchShare share = BatchShare.of(config, ranks);
    TrainingListener silent = new TrainingListeners(List.of());
    try (BatchLoader batches =
        BatchLoader.training(
            dataset,
            split.train(),
            config,
            seed,
            share.photos(),
            loaders,
            TrainingRun.BATCHES_AHEAD)) {
      MaskRcnn model = new MaskRcnn(config, averages.training());
      new Trainer(
              config,
              new TrainingStep(config, averages, model, batches, share, silent),
              FirstRankValidation.following(ranks),
              CheckpointWriter.NONE,
              silent)
          .run(state, () -> ranks.any(stop.getAsBoolean()));
    }
  }

  @Override
  public void close() {
    averages.close();
  }
}
