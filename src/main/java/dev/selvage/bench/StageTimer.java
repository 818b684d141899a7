package dev.selvage.bench;

import dev.selvage.autograd.TapeListener;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What each stage of a training step takes, found between one operation's begin and the next one's,
 * so that nothing of the step is left out and the stages add up to the whole.
 */
final class StageTimer implements TapeListener {
  private final LongSupplier nanos;
  private final Runnable settle;
  private final Map<String, Long> stages = new LinkedHashMap<>();
  private String stage;
  private long since;
  private long whole;
  private int passes;

  /**
   * A clock.
   *
   * @param settle waits until the device has done its work, whose time would else go to whoever
   *     waits next
   */
  StageTimer(LongSupplier nanos, Runnable settle) {
    this.nanos = nanos;
    this.settle = settle;
  }

  /** Waits until the device's queue is empty. */
  static void settle() {
    Scope.run(() -> Tensor.zeros(1).download());
  }

  /** One pass of a step that tells this clock, as the watch of its tape, what it computes. */
  void time(Runnable step) {
    settle.run();
    long begin = nanos.getAsLong();
    stage = "photos"; // which a step brings before it has a tape
    since = begin;
    step.run();
    enter(null);
    whole += nanos.getAsLong() - begin;
    passes++;
  }

  @Override
  public void next(String op, String layer, boolean backward) {
    String next = (backward ? "backward_" : "") + stageOf(layer);
    if (!next.equals(stage)) {
      enter(next);
    }
  }

  private void enter(String next) {
    settle.run();
    long now = nanos.getAsLong();
    stages.merge(stage, now - since, Long::sum);
    stage = next;
    since = now;
  }

  /** Which stage of a step a layer belongs to, by the names that the model gives its tape. */
  private static String stageOf(String layer) {
    if (layer.endsWith("_loss")) {
      return "losses";
    } else if (layer.equals("ROI") || layer.endsWith("_targets")) {
      return "proposals_and_targets";
    } else if (layer.startsWith("rpn_")) {
      return "rpn";
    } else if (layer.equals("roi_align") || layer.startsWith("mrcnn_")) {
      return "heads";
    } else if (layer.equals("optimizer")) {
      return layer;
    }
    return "backbone_and_pyramid";
  }

  /** The mean of the passes: each stage, their sum, and the passes' own time beside it. */
  Map<String, Double> milliseconds() {
    Map<String, Double> named = new LinkedHashMap<>();
    double sum = 0;
    for (Map.Entry<String, Long> of : stages.entrySet()) {
      double mean = of.getValue() / 1e6 / passes;
      named.put("stage_" + of.getKey() + "_ms", mean);
      sum += mean;
    }
    named.put("stages_sum_ms", sum);
    named.put("stages_pass_ms", whole / 1e6 / passes);
    return named;
  }

  @Override
  public void value(String op, String layer, Tensor value) {}

  @Override
  public void gradient(String op, String layer, Tensor gradient) {}

  @Override
  public void passed(String op, String layer) {}
}
