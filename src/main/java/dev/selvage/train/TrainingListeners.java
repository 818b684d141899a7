package dev.selvage.train;

import java.util.List;
import java.util.function.Consumer;

/** Calls several listeners one after the other, in their order. */
public final class TrainingListeners implements TrainingListener {
  private final List<TrainingListener> listeners;

  public TrainingListeners(List<TrainingListener> listeners) {
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void trainingBegan(int epochs) {
    tell(listener -> listener.trainingBegan(epochs));
  }

  @Override
  public void epochBegan(EpochProgress at) {
    tell(listener -> listener.epochBegan(at));
  }

  @Override
  public void stepDone(EpochProgress at) {
    tell(listener -> listener.stepDone(at));
  }

  @Override
  public void stepSkipped(int epoch, int step, double lossScale) {
    tell(listener -> listener.stepSkipped(epoch, step, lossScale));
  }

  @Override
  public void measuring(String what) {
    tell(listener -> listener.measuring(what));
  }

  @Override
  public void epochDone(EpochReport report) {
    tell(listener -> listener.epochDone(report));
  }

  @Override
  public void trainingEnded() {
    tell(TrainingListener::trainingEnded);
  }

  private void tell(Consumer<TrainingListener> event) {
    listeners.forEach(event);
  }
}
