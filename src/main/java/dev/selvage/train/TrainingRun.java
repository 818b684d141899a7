package dev.selvage.train;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.image.PhotoFailures;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.data.split.Split;
import dev.selvage.model.MaskRcnn;
import dev.selvage.nn.Parameters;
import dev.selvage.ranks.Alone;
import dev.selvage.ranks.Communicator;
import dev.selvage.run.RunFolder;
import dev.selvage.run.RunLock;
import dev.selvage.run.WeightsInfo;
import dev.selvage.train.memory.MemoryGuard;
import dev.selvage.train.ranks.BatchShare;
import dev.selvage.train.ranks.SharedStart;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A run that can be trained: {@link NewRun} begins one, {@link ResumedRun} continues one. It holds
 * the weights and the lock of its folder until it is closed.
 */
public final class TrainingRun implements AutoCloseable {
  /** Batches that are prepared ahead: enough for a photo that takes several steps to decode. */
  static final int BATCHES_AHEAD = 4;

  private final RunFolder folder;
  private final Config config;
  private final Dataset dataset;
  private final Split split;
  private final long seed;
  private final Consumer<String> remarks;
  private final Schedule schedule;
  private final EmaWeights averages;
  private final RunLock lock;
  private final Checkpoints checkpoints;
  private TrainingState state = new TrainingState();

  /**
   * A run before its first step.
   *
   * @param lock of its folder, which is released when the run is closed
   * @param averages its weights, which are freed then
   * @param remarks takes sentences for the user
   */
  TrainingRun(
      RunFolder folder,
      RunLock lock,
      Config config,
      EmaWeights averages,
      Dataset dataset,
      Split split,
      long seed,
      Consumer<String> remarks) {
    this.folder = folder;
    this.lock = lock;
    this.averages = averages;
    this.config = config;
    this.dataset = dataset;
    this.split = split;
    this.seed = seed;
    this.remarks = remarks;
    schedule = new Schedule(config);
    Map<String, String> texts = WeightsInfo.texts(config, dataset, split, seed);
    checkpoints = new Checkpoints(folder, averages, config.KEEP_CHECKPOINTS, texts);
  }

  /** Saves weights and state as they are before the first step. */
  void saveBeginning() {
    checkpoints.saveMidEpoch(state);
  }

  /**
   * Goes back to the latest state that was saved.
   *
   * @throws dev.selvage.util.UserError if none can be used
   */
  void restore() {
    state = checkpoints.restore(schedule, remarks);
    checkpoints.tidy(state);
    remarks.accept(
        "%s: continued after epoch %d, step %d"
            .formatted(folder.dir(), state.epochs, state.step()));
  }

  public RunFolder folder() {
    return folder;
  }

  public Config config() {
    return config;
  }

  public Dataset dataset() {
    return dataset;
  }

  public Split split() {
    return split;
  }

  /** Of the split and of all sampling. */
  public long seed() {
    return seed;
  }

  /** The weights that are validated and saved; they change with every step. */
  public Parameters weights() {
    return averages.weights();
  }

  /** Complete epochs. */
  public int epochs() {
    return state.epochs;
  }

  /** Whether all stages are done or the run has ended early. */
  public boolean isComplete() {
    return schedule.isOver(state);
  }

  /** Whether it is complete before all stages are done. */
  public boolean endedEarly() {
    return isComplete() && state.epochs < schedule.epochs();
  }

  /** The epoch with the best mask AP on photos held out; empty where none was measured. */
  public OptionalInt bestEpoch() {
    return state.bestEpoch == 0 ? OptionalInt.empty() : OptionalInt.of(state.bestEpoch);
  }

  /**
   * Refuses settings whose steps a number of ranks cannot share.
   *
   * @throws dev.selvage.util.UserError naming the numbers that can
   */
  public static void requireShares(Config config, Communicator ranks) {
    BatchShare.of(config, ranks);
  }

  /**
   * Trains until the run is complete or stop says so.
   *
   * @param loaders threads that prepare photos
   * @throws dev.selvage.util.UserError if the machine has too little memory, a loss is not finite
   *     or a file cannot be written
   */
  public void train(int loaders, TrainingListener listener, BooleanSupplier stop) {
    train(new Alone(), loaders, listener, stop);
  }

  /**
   * Trains as rank 0, with other ranks that have a {@link FollowingRun}.
   *
   * @param stop of this rank; all stop where one of them does
   */
  public void train(
      Communicator ranks, int loaders, TrainingListener listener, BooleanSupplier stop) {
    MemoryGuard.room().flatMap(room -> MemoryGuard.check(config, room)).ifPresent(remarks);
    BatchShare share = BatchShare.of(config, ranks);
    SharedStart.send(ranks, config, seed, split, state.save());
    averages.takeFromFirst(ranks);
    try (BatchLoader batches =
            BatchLoader.training(
                dataset, split.train(), config, seed, share.photos(), loaders, BATCHES_AHEAD);
        BatchLoader held = validates() ? heldOut(loaders) : null) {
      try {
        listener.trainingBegan(state.epochs);
        trainer(batches, Optional.ofNullable(held), share, listener, stop)
            .run(state, () -> ranks.any(stop.getAsBoolean()));
      } finally {
        listener.trainingEnded();
      }
      remarkOn(batches.failures());
    }
  }

  private Trainer trainer(
      BatchLoader batches,
      Optional<BatchLoader> held,
      BatchShare share,
      TrainingListener listener,
      BooleanSupplier stop) {
    MaskRcnn model = new MaskRcnn(config, averages.training());
    // the same model where the weights are the same, since a second one keeps folded weights again
    MaskRcnn validated = averages.areKept() ? new MaskRcnn(config, averages.weights()) : model;
    ValidationAp scoring = new ValidationAp(config, averages.weights(), dataset, split.valid());
    Validation validation = new Validation(config, averages, validated, held, scoring, listener);
    return new Trainer(
        config,
        new TrainingStep(config, averages, model, batches, share, listener),
        FirstRankValidation.leading(validation, share.ranks(), stop),
        checkpoints,
        listener);
  }

  private boolean validates() {
    return split.valid().length > 0 && config.VALIDATION_STEPS > 0;
  }

  private BatchLoader heldOut(int loaders) {
    return BatchLoader.validation(dataset, split.valid(), config, seed, loaders, BATCHES_AHEAD);
  }

  private void remarkOn(PhotoFailures failures) {
    if (failures.count() > 0) {
      remarks.accept(
          "%s: %d of the %d training photos failed and were skipped; each is named above"
              .formatted(folder.dir(), failures.count(), split.train().length));
    }
  }

  @Override
  public void close() {
    averages.close();
    lock.close();
  }
}
