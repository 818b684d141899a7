package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.selvage.config.Config;
import dev.selvage.geometry.Anchors;
import dev.selvage.geometry.Boxes;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProposalsTest {
  /** An object's delta, divided by each deviation as the RPN's targets are. */
  @Test
  void undoesFourUnlikeDeviations() {
    Config config = SmallModel.config().with("RPN_BBOX_STD_DEV", List.of(0.05f, 0.1f, 0.4f, 0.25f));
    int side = 64;
    double[] anchors =
        Boxes.normalize(
            Anchors.pyramid(
                config.RPN_ANCHOR_SCALES.toArray(),
                config.RPN_ANCHOR_RATIOS.toArray(),
                side,
                side,
                config.BACKBONE_STRIDES.toArray(),
                config.RPN_ANCHOR_STRIDE),
            side,
            side);
    int total = anchors.length / 4;
    int chosen = total / 2;
    double[] object = {0.2, 0.1, 0.7, 0.9};
    double[] refinement = Boxes.refinement(anchors, chosen, object, 0);
    float[] deltas = new float[4 * total];
    for (int k = 0; k < 4; k++) {
      deltas[4 * chosen + k] = (float) (refinement[k] / config.RPN_BBOX_STD_DEV.get(k));
    }
    float[] logits = new float[2 * total];
    logits[2 * chosen + 1] = 9;
    float[] proposed =
        Scope.call(
            () -> {
              Rpn.Maps maps =
                  new Rpn.Maps(Tensor.of(logits, 1, total, 2), Tensor.of(deltas, 1, total, 4));
              return new Proposals(config).propose(maps, 1, side, side).download();
            });
    assertArrayEquals(Boxes.toFloat(object), proposed, 1e-5f);
  }
}
