package dev.selvage.autograd;

import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The backward rules of one training step in the order of the forward pass, which is topological,
 * so walking them backwards is enough. The tape owns the tensors that rules still need and frees
 * each one after the last rule that needs it. Nothing is recorded, and nothing kept, for values
 * that need no gradient.
 */
public final class Tape implements AutoCloseable {
  /** A backward rule: reads the gradient of the output and adds to the gradients of the inputs. */
  @FunctionalInterface
  public interface Rule {
    /**
     * @param dy the gradient of the output; the rule may overwrite it
     */
    void backward(Tensor dy);
  }

  private record Entry(Variable output, Rule rule, Tensor[] saved) {}

  private final boolean recording;
  private final Scope scope = Scope.detached();
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Tensor, Integer> uses = new HashMap<>();

  private Tape(boolean recording) {
    this.recording = recording;
  }

  /** A tape for a training step. */
  public static Tape recording() {
    return new Tape(true);
  }

  /** A tape that records nothing: inference and validation. */
  public static Tape off() {
    return new Tape(false);
  }

  public boolean isRecording() {
    return recording;
  }

  /** An input that needs no gradient. */
  public Variable constant(Tensor value) {
    return new Variable(this, value, false);
  }

  /** An input whose gradient is wanted (on a recording tape). */
  public Variable input(Tensor value) {
    return new Variable(this, value, recording);
  }

  /**
   * The output of an operation that has a backward rule.
   *
   * @param saved the activations that the rule reads besides the gradient; the tape takes them
   *     over. Never parameters.
   */
  public Variable record(Tensor value, Rule rule, Tensor... saved) {
    Variable output = new Variable(this, value, true);
    for (Tensor tensor : saved) {
      hold(tensor.root());
      if (tensor.root() != tensor) {
        hold(tensor);
      }
    }
    entries.add(new Entry(output, rule, saved));
    return output;
  }

  /** Frees a value that the forward pass is done with, unless a rule needs it. */
  public void release(Variable variable) {
    Tensor value = variable.value();
    if (!uses.containsKey(value)) {
      value.close();
    }
  }

  /**
   * Runs all rules, the last one first. The gradients of the losses must have been added before.
   */
  public void backward() {
    for (int i = entries.size() - 1; i >= 0; i--) {
      Entry entry = entries.remove(i);
      Tensor dy = entry.output().takeGradient();
      if (dy != null) {
        try (Scope temporaries = Scope.open()) {
          temporaries.adopt(dy);
          entry.rule().backward(dy);
        }
      }
      for (Tensor tensor : entry.saved()) {
        if (tensor.root() != tensor) {
          drop(tensor);
        }
        drop(tensor.root());
      }
    }
  }

  Tensor adopt(Tensor tensor) {
    return scope.adopt(tensor);
  }

  private void hold(Tensor tensor) {
    if (uses.merge(tensor, 1, Integer::sum) == 1) {
      scope.adopt(tensor);
    }
  }

  private void drop(Tensor tensor) {
    if (uses.merge(tensor, -1, (a, b) -> a + b == 0 ? null : a + b) == null) {
      tensor.close();
    }
  }

  @Override
  public void close() {
    entries.clear();
    uses.clear();
    scope.close();
  }
}
