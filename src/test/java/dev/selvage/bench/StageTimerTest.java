package dev.selvage.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StageTimerTest {
  private long now;
  private long queued;
  private final StageTimer clock =
      new StageTimer(
          () -> now,
          () -> {
            now += queued;
            queued = 0;
          });

  @Test
  void timeGoesToTheStageThatIsUnderWay() {
    for (int pass = 1; pass <= 2; pass++) {
      int slower = pass;
      clock.time(
          () -> {
            work(3 * slower);
            op("conv1", false, 10 * slower);
            op("fpn_c5p5", false, 20 * slower);
            op("rpn_conv_shared", false, 30 * slower);
            op("mrcnn_class_loss", false, 5 * slower);
            op("mrcnn_class_logits", true, 40 * slower);
            op("conv1", true, 50 * slower);
            op("optimizer", false, 7 * slower);
          });
    }
    Map<String, Double> found = clock.milliseconds();
    assertEquals(
        List.of(
            "stage_photos_ms",
            "stage_backbone_and_pyramid_ms",
            "stage_rpn_ms",
            "stage_losses_ms",
            "stage_backward_heads_ms",
            "stage_backward_backbone_and_pyramid_ms",
            "stage_optimizer_ms",
            "stages_sum_ms",
            "stages_pass_ms"),
        new ArrayList<>(found.keySet()));
    assertEquals(
        List.of(4.5, 45.0, 45.0, 7.5, 60.0, 75.0, 10.5, 247.5, 247.5),
        new ArrayList<>(found.values()));
  }

  private void op(String layer, boolean backward, long milliseconds) {
    clock.next("op", layer, backward);
    work(milliseconds);
  }

  /** Half of it is done at once, half lies in the device's queue until somebody waits. */
  private void work(long milliseconds) {
    now += milliseconds * 500_000;
    queued += milliseconds * 500_000;
  }
}
