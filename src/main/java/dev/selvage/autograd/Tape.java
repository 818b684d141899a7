package dev.selvage.autograd;

import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

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

  private record Entry(Variable output, Rule rule, List<Tensor> saved, String op, String layer) {}

  private final boolean recording;

  /** Null in ordinary steps. */
  private final TapeListener listener;

  /** Gradients that the current rule adds into; kept only for a listener. */
  private final List<Tensor> addedInto = new ArrayList<>();

  /** What is called when all rules have run. */
  private final List<Runnable> afterBackward = new ArrayList<>();

  private final boolean profiled = Ops.profiled();
  private boolean inRange;
  private boolean walkingBack;
  private String op = "moldImages";
  private String layer = "input_image";
  private final Scope scope = Scope.detached();
  private final List<Entry> entries = new ArrayList<>();
  private final Map<Tensor, Integer> uses = new HashMap<>();

  private Tape(boolean recording, TapeListener listener) {
    this.recording = recording;
    this.listener = listener;
  }

  /** A tape for a training step. */
  public static Tape recording() {
    return new Tape(true, null);
  }

  /** A tape that records nothing: inference and validation. */
  public static Tape off() {
    return new Tape(false, null);
  }

  /**
   * A tape that shows every value and gradient to a listener, which takes several times as long.
   *
   * @param recording whether it is one for a training step
   * @param listener null for none, which costs nothing
   */
  public static Tape withListener(boolean recording, TapeListener listener) {
    return new Tape(recording, listener);
  }

  /** Tells the listener and a profiler, if there is one, what is computed next. */
  public void annotate(String nextOp, String nextLayer) {
    op = nextOp;
    layer = nextLayer;
    if (profiled) {
      endRange();
      Ops.beginRange(walkingBack ? layer + " backward" : layer);
      inRange = true;
    }
    if (listener != null) {
      listener.next(op, layer, walkingBack);
    }
  }

  public boolean isRecording() {
    return recording;
  }

  /** An input that needs no gradient. */
  public Variable constant(Tensor value) {
    see(value);
    return new Variable(this, value, false, false);
  }

  /** An input whose gradient is wanted (on a recording tape). */
  public Variable input(Tensor value) {
    return new Variable(this, value, recording, false);
  }

  /**
   * The output of an operation that has a backward rule.
   *
   * @param saved the activations that the rule reads besides the gradient, which the tape takes
   *     over; null ones are left out. Never parameters.
   */
  public Variable record(Tensor value, Rule rule, Tensor... saved) {
    return record(value, false, rule, saved);
  }

  /**
   * The same for an output that may come out of a ReLU. If it does, the tape keeps it, and the rule
   * gets the gradient of what went into the ReLU.
   *
   * @param activation whether it comes out of one
   */
  public Variable record(Tensor value, boolean activation, Rule rule, Tensor... saved) {
    see(value);
    Variable output = new Variable(this, value, true, activation);
    List<Tensor> needed =
        Stream.concat(Stream.ofNullable(activation ? value : null), Arrays.stream(saved))
            .filter(Objects::nonNull)
            .toList();
    for (Tensor tensor : needed) {
      retain(tensor.root());
      if (tensor.root() != tensor) {
        retain(tensor);
      }
    }
    entries.add(new Entry(output, rule, needed, op, layer));
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
   * Calls something once all rules have run, for what is done for many layers at once. A listener
   * looks at the gradients after each rule, so for it that is done at once.
   */
  public void afterBackward(Runnable action) {
    if (listener != null) {
      action.run();
    } else {
      afterBackward.add(action);
    }
  }

  /**
   * Runs all rules, the last one first. The gradients of the losses must have been added before.
   */
  public void backward() {
    walkingBack = true;
    for (int i = entries.size() - 1; i >= 0; i--) {
      Entry entry = entries.remove(i);
      Tensor dy = entry.output().takeGradient();
      if (dy != null) {
        try (Scope temporaries = Scope.open()) {
          temporaries.adopt(dy);
          annotate(entry.op(), entry.layer());
          entry.output().mask(dy);
          entry.rule().backward(dy);
          passed();
        }
      }
      for (Tensor tensor : entry.saved()) {
        if (tensor.root() != tensor) {
          release(tensor);
        }
        release(tensor.root());
      }
    }
    afterBackward.forEach(Runnable::run);
    afterBackward.clear();
  }

  private void see(Tensor value) {
    if (listener != null) {
      listener.value(op, layer, value);
    }
  }

  /** A gradient has been passed on. */
  void seeGradient(Tensor gradient) {
    if (listener != null) {
      listener.gradient(op, layer, gradient);
    }
  }

  /** A gradient is going to be added to. */
  void seeAfterwards(Tensor gradient) {
    if (listener != null) {
      addedInto.add(gradient);
    }
  }

  private void passed() {
    if (listener != null) {
      addedInto.forEach(this::seeGradient);
      addedInto.clear();
      listener.passed(op, layer);
    }
  }

  boolean hasListener() {
    return listener != null;
  }

  Tensor adopt(Tensor tensor) {
    return scope.adopt(tensor);
  }

  private void retain(Tensor tensor) {
    if (uses.merge(tensor, 1, Integer::sum) == 1) {
      scope.adopt(tensor);
    }
  }

  private void release(Tensor tensor) {
    if (uses.merge(tensor, -1, (a, b) -> a + b == 0 ? null : a + b) == null) {
      tensor.close();
    }
  }

  private void endRange() {
    if (inRange) {
      Ops.endRange();
      inRange = false;
    }
  }

  @Override
  public void close() {
    endRange();
    entries.clear();
    uses.clear();
    scope.close();
  }
}
