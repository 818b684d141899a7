package dev.selvage.train;

import dev.selvage.config.Config;
import dev.selvage.config.Precision;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.model.Losses;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.StepOptions;
import dev.selvage.nn.Parameters;
import dev.selvage.nn.Sgd;
import dev.selvage.ranks.GradientSum;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import dev.selvage.train.memory.MemoryWarmup;
import dev.selvage.train.ranks.BatchShare;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One step of training: the losses and gradients of GPU_COUNT x ACCUMULATION_STEPS batches, the
 * update of the weights by their mean, and the moving average of the weights. The ranks share the
 * batches; each then has the sum of all gradients, and makes the same update.
 */
final class TrainingStep {
  private final Config config;
  private final Schedule schedule;
  private final Parameters parameters;
  private final EmaWeights averages;
  private final MaskRcnn model;
  private final BatchLoader batches;
  private final BatchShare share;
  private final GradientSum gradients;
  private final TrainingListener listener;
  private final FiniteCheck finite;
  private final boolean scalesLosses;
  private boolean warmedUp;

  /**
   * Prepares.
   *
   * @param averages of the weights that the model is over
   * @param batches of this rank's share
   */
  TrainingStep(
      Config config,
      EmaWeights averages,
      MaskRcnn model,
      BatchLoader batches,
      BatchShare share,
      TrainingListener listener) {
    this.config = config;
    this.averages = averages;
    this.model = model;
    this.batches = batches;
    this.listener = listener;
    parameters = averages.training();
    this.share = share;
    gradients = new GradientSum(parameters, share.ranks(), share.count());
    schedule = new Schedule(config);
    scalesLosses = config.PRECISION == Precision.F16;
    finite = new FiniteCheck(new NonFiniteLocator(model, parameters, true));
  }

  /** Continues with the photos at the position of a state. */
  void resume(TrainingState at, Schedule.Stage stage) {
    batches.startAt(at.photos, stage.augmentation());
  }

  /** A new stage begins as Keras' newly compiled model does, with momenta of zero. */
  void beginStage(Schedule.Stage stage) {
    parameters.setTrainable(stage.layers());
    parameters.resetMomenta();
    gradients.reset();
    batches.setAugmentation(stage.augmentation());
    warmedUp = false;
  }

  /** Takes the memory that the largest step of the stage needs, once in each stage. */
  void warmUp() {
    if (!warmedUp) {
      MemoryWarmup.run(config, parameters, model);
      warmedUp = true;
    }
  }

  /**
   * Takes the step that follows a state, and brings the state up to date.
   *
   * @throws dev.selvage.util.UserError if a loss or the gradients' norm is not finite
   */
  void run(TrainingState at) {
    long begin = System.nanoTime();
    long stalled = batches.stallNanos();
    String where = "epoch %d step %d".formatted(at.epoch(), at.step() + 1);
    StepOptions options =
        StepOptions.DEFAULTS.withLossScale(lossScale(at)).withUpcoming(batches::upcoming);
    List<Batch> taken = new ArrayList<>(); // kept to look for what went wrong in them
    try {
      Scope.run(() -> at.losses.add(losses(at, options, where, taken)));
    } finally {
      gradients.abandon();
      taken.forEach(Batch::close);
    }
    at.totalSteps++;
    at.photos = batches.position();
    at.stallNanos += batches.stallNanos() - stalled;
    at.nanos += System.nanoTime() - begin;
  }

  /** The mean over all batches. The host waits for the device once: for the losses and the norm. */
  private Losses losses(TrainingState at, StepOptions options, String where, List<Batch> taken) {
    int norms = share.count() * Losses.TERMS;
    Tensor values = Tensor.zeros(norms + 2);
    for (int i = 0; i < share.count(); i++) {
      taken.add(batches.next());
      gradients.begin(i);
      model.step(taken.get(i), options, values.view((long) i * Losses.TERMS, Losses.TERMS));
      gradients.end();
    }
    gradients.await();
    parameters.divideGradients(share.batches() * lossScale(at));
    Sgd.addPenaltyGradient(values.view(norms, 2), parameters, config.WEIGHT_DECAY);
    float[] read = values.download();
    List<Losses> losses = new ArrayList<>();
    for (int i = 0; i < share.count(); i++) {
      losses.add(Losses.read(read, i * Losses.TERMS, config.LOSS_WEIGHTS.toArray()));
      finite.require(losses.get(i).byName(), where, taken.subList(i, i + 1));
    }
    double norm = Sgd.norm(read, norms);
    update(at, norm, where, taken);
    return Losses.mean(share.all(losses, norm, where));
  }

  /** Moves the weights by the gradients of the batches, unless these were too large for f16. */
  private void update(TrainingState at, double norm, String where, List<Batch> taken) {
    Sgd.update(
        parameters,
        schedule.rate(at.epoch(), at.step(), at.totalSteps),
        schedule.stage(at.epoch()).momentum(),
        config.GRADIENT_CLIP_NORM,
        norm);
    if (scalesLosses && !Double.isFinite(norm) && at.lossScale.halve()) {
      parameters.clearGradients();
      listener.stepSkipped(at.epoch(), at.step() + 1, at.lossScale.factor());
      return;
    }
    finite.require(Map.of("norm of the gradients", norm), where, taken);
    averages.follow(at.totalSteps);
    if (scalesLosses) {
      at.lossScale.stepIsGood();
    }
  }

  private double lossScale(TrainingState at) {
    return scalesLosses ? at.lossScale.factor() : 1;
  }
}
