package dev.selvage.bench;

import dev.selvage.autograd.TapeListener;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The time of each stage of a training step. A stage lasts until the next one begins, so the stages
 * add up to the whole step.
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
   * A timer without any times.
   *
   * @param nanos the clock
   * @param settle waits until the device has finished its work, which would otherwise count for the
   *     next stage
   */
  StageTimer(LongSupplier nanos, Runnable settle) {
    this.nanos = nanos;
    this.settle = settle;
  }

  /** Waits until the device's queue is empty. */
  static void settle() {
    Scope.run(() -> Tensor.zeros(1).download());
  }

  /** Times one step whose tape has this timer as its listener. */
  void time(Runnable step) {
    settle.run();
    long begin = nanos.getAsLong();
    stage = "photos"; // a step uploads them before it has a tape
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

  /** The stage that a layer belongs to, by its name on the tape. */
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

  /** Means over the steps: the time of each stage, their sum, and the time of the whole step. */
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
