package dev.selvage.train;

import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.run.RunFolder;
import dev.selvage.tensor.Tensor;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import dev.selvage.weights.Safetensors;
import dev.selvage.weights.files.KerasFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes and reads the checkpoints of a run. After an epoch it writes the weight file and then the
 * training state. An epoch is complete once its state exists: a run that is killed before then
 * trains the epoch again. In the middle of an epoch the checkpoint is one file that includes the
 * weights.
 */
final class Checkpoints implements CheckpointWriter {
  private static final String MOMENTUM = "momentum/";
  private static final String WEIGHT = "weight/";
  private static final String AVERAGE = "average/";

  private final RunFolder folder;
  private final Parameters parameters;
  private final EmaWeights averages;
  private final int kept;
  private final Map<String, String> texts;

  /**
   * The checkpoints of a run.
   *
   * @param kept KEEP_CHECKPOINTS, 0 for no limit
   * @param texts about the training, by name, for the weight files
   */
  Checkpoints(RunFolder folder, EmaWeights averages, int kept, Map<String, String> texts) {
    this.folder = folder;
    this.averages = averages;
    this.kept = kept;
    this.texts = texts;
    parameters = averages.training();
  }

  @Override
  public void saveWeights(int epoch) {
    KerasFile.save(folder.checkpoint(epoch), averages.weights(), texts);
  }

  @Override
  public void completeEpoch(TrainingState position) {
    if (position.bestEpoch == position.epochs) {
      linkBest(position);
    }
    saveState(position);
    deleteOld(position);
  }

  private void saveState(TrainingState position) {
    Map<String, Tensor> tensors = momenta();
    if (averages.areKept()) { // the weight file has the averages
      addValues(tensors, WEIGHT, parameters);
    }
    Safetensors.write(folder.state(position.epochs), position.save(), tensors);
    AtomicFile.delete(folder.midEpoch());
  }

  /** Does what comes after a state that was saved, which may have failed or been cut short. */
  void tidy(TrainingState position) {
    linkBest(position);
    if (position.step() == 0 && Files.exists(folder.state(position.epochs))) {
      AtomicFile.delete(folder.midEpoch());
    }
    deleteOld(position);
  }

  /** Gives the best epoch's weights, if there is one, the name that says so. */
  private void linkBest(TrainingState position) {
    if (position.bestEpoch == 0) {
      AtomicFile.delete(folder.best()); // of an epoch that did not come to its end
    } else if (Files.exists(folder.checkpoint(position.bestEpoch))) {
      AtomicFile.link(folder.best(), folder.checkpoint(position.bestEpoch));
    }
  }

  /** Deletes the files of all epochs except the last complete ones and the best one's weights. */
  private void deleteOld(TrainingState position) {
    for (int epoch = 1; kept > 0 && epoch <= position.epochs - kept; epoch++) {
      AtomicFile.delete(folder.state(epoch)); // first, since it makes the epoch count
      if (epoch != position.bestEpoch) {
        AtomicFile.delete(folder.checkpoint(epoch));
      }
    }
  }

  @Override
  public void saveMidEpoch(TrainingState position) {
    Map<String, Tensor> tensors = momenta();
    addValues(tensors, WEIGHT, parameters);
    if (averages.areKept()) {
      addValues(tensors, AVERAGE, averages.weights());
    }
    Safetensors.write(folder.midEpoch(), position.save(), tensors);
  }

  /**
   * Reads weights and momenta of the latest state that can be used. Files that are half-written or
   * damaged are named and skipped.
   *
   * @param schedule says which parameters have momenta
   * @param remarks takes a sentence for each file that is skipped
   * @throws UserError if nothing of the run can be used
   */
  TrainingState restore(Schedule schedule, Consumer<String> remarks) {
    folder.halfWritten().forEach(f -> remarks.accept(f + ": half-written, skipped"));
    for (Path state : states()) {
      try {
        return restore(state, schedule);
      } catch (UserError e) {
        remarks.accept(e.getMessage() + "; skipped");
      }
    }
    throw new UserError(
        "%s: expected a training state to continue from, found none that is intact; --new starts another run"
            .formatted(folder.dir()));
  }

  /** The states that exist, the latest first. */
  private List<Path> states() {
    List<Path> states = new ArrayList<>(folder.complete().mapToObj(folder::state).toList());
    if (Files.exists(folder.midEpoch())) {
      // one that outlived the end of its epoch is behind the epoch's own
      int last = folder.lastComplete().orElse(0);
      states.add(
          epochsBeforeMidEpoch().filter(epochs -> epochs < last).isPresent() ? states.size() : 0,
          folder.midEpoch());
    }
    return states;
  }

  private Optional<Integer> epochsBeforeMidEpoch() {
    try (Safetensors state = Safetensors.open(folder.midEpoch())) {
      return Optional.of(position(folder.midEpoch(), state).epochs);
    } catch (UserError e) {
      return Optional.empty(); // to be reported when its turn comes
    }
  }

  private TrainingState restore(Path file, Schedule schedule) {
    try (Safetensors state = Safetensors.open(file)) {
      TrainingState position = position(file, state);
      restoreWeights(state, file.equals(folder.midEpoch()), folder.checkpoint(position.epochs));
      if (makeMomenta(parameters, position, schedule)) {
        parameters.trainable().stream()
            .filter(p -> state.contains(MOMENTUM + p.name()))
            .forEach(p -> state.read(MOMENTUM + p.name(), p.momentum()));
      }
      return position;
    }
  }

  /** Makes the momenta of a state, which are zero; false where it has none yet. */
  static boolean makeMomenta(Parameters parameters, TrainingState position, Schedule schedule) {
    if (position.totalSteps == 0) {
      return false;
    }
    // a state between two epochs still has the momenta of the one before
    int epoch = position.step() > 0 ? position.epoch() : position.epochs;
    parameters.setTrainable(schedule.stage(epoch).layers());
    parameters.resetMomenta(); // layers that a changed schedule has added begin at zero
    return true;
  }

  /** A run may have been without averages so far, or go on without them. */
  private void restoreWeights(Safetensors state, boolean midEpoch, Path checkpoint) {
    boolean averaged = state.holds(midEpoch ? AVERAGE : WEIGHT);
    if (midEpoch || averaged) {
      readValues(state, WEIGHT, parameters);
    } else {
      loadWeights(checkpoint, parameters);
    }
    if (!averaged) {
      averages.reset();
    } else if (averages.areKept() && midEpoch) {
      readValues(state, AVERAGE, averages.weights());
    } else if (averages.areKept()) {
      loadWeights(checkpoint, averages.weights());
    }
  }

  private static void addValues(Map<String, Tensor> tensors, String kind, Parameters from) {
    from.list().forEach(p -> tensors.put(kind + p.name(), p.value()));
  }

  private static void readValues(Safetensors state, String kind, Parameters to) {
    for (Parameter p : to.list()) {
      state.read(kind + p.name(), p.value());
      p.changed();
    }
  }

  private static void loadWeights(Path file, Parameters to) {
    List<String> missing = KerasFile.load(file, to, false).missing();
    if (!missing.isEmpty()) {
      throw new UserError(
          "%s: expected weights for every layer, found none for %s"
              .formatted(file, missing.get(0)));
    }
  }

  static TrainingState position(Path file, Safetensors state) {
    try {
      return TrainingState.restore(state.metadata());
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "%s: expected the training state of a run, found %s".formatted(file, e.getMessage()), e);
    }
  }

  private Map<String, Tensor> momenta() {
    Map<String, Tensor> momenta = new LinkedHashMap<>();
    parameters.trainable().forEach(p -> momenta.put(MOMENTUM + p.name(), p.momentum()));
    return momenta;
  }
}
