package dev.selvage.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@link Ops} decides before it calls the native library: empty tensors and result shapes. */
@ExtendWith({NoLeaks.class, OpenScope.class})
class OpsTest {
  private static final int[] NONE = {};
  private static final Ranges NO_RANGES = new Ranges(new long[0], new long[0]);

  @Test
  void aSumOverNothingIsZero() {
    Tensor none = Tensor.allocate(0, 3);
    assertEquals(0, Ops.sum(none));
    assertEquals(0, Ops.sumSquares(none));
    assertTrue(Ops.allFinite(none));
    Tensor y = full(3);
    Ops.sumRows(y, none);
    assertArrayEquals(new float[3], y.download());
    Tensor product = full(3, 2);
    Ops.matmul(product, none, Tensor.allocate(0, 2), null, true, false, false);
    assertArrayEquals(new float[6], product.download());
  }

  @Test
  void weightGradientsOfAnEmptyBatchAreZero() {
    Tensor dw = full(3, 3, 2, 1);
    Tensor db = full(1);
    Ops.convWeightGrad(dw, db, Tensor.allocate(0, 4, 4, 2), Tensor.allocate(0, 4, 4, 1), 1, 1);
    assertArrayEquals(new float[18], dw.download());
    assertArrayEquals(new float[1], db.download());
    dw = full(2, 2, 1, 3);
    db = full(1);
    Ops.deconv2x2WeightGrad(dw, db, Tensor.allocate(0, 2, 2, 3), Tensor.allocate(0, 4, 4, 1));
    assertArrayEquals(new float[12], dw.download());
    assertArrayEquals(new float[1], db.download());
  }

  @Test
  void lossesOfNothingAreZero() {
    Tensor loss = full(1);
    Tensor none = Tensor.allocate(0, 4);
    Ops.softmaxCrossEntropy(loss, none, none, Ops.list());
    assertEquals(0f, loss.download()[0]);
    loss.fill(1f);
    Ops.boxLoss(loss, none, none, none, Ops.list());
    assertEquals(0f, loss.download()[0]);
    loss.fill(1f);
    Ops.maskLoss(loss, none, none, none, Ops.list());
    assertEquals(0f, loss.download()[0]);
    loss.fill(1f);
    Ops.l2(loss, full(2), NO_RANGES, new float[0]);
    assertEquals(0f, loss.download()[0]);
    Tensor squares = full(2);
    Ops.l2Grad(squares, full(2), full(2), NO_RANGES, new float[0]);
    assertEquals(0, Ops.doubleAt(squares.download(), 0));
  }

  @Test
  void emptyBatchesGiveEmptyResultsOfTheRightShape() {
    Tensor x = Tensor.allocate(0, 8, 8, 2);
    Tensor w = full(3, 3, 2, 5);
    assertArrayEquals(new long[] {0, 4, 4, 5}, Ops.convBlock(x, w, null, null, 2, 1, true).shape());
    assertArrayEquals(
        new long[] {0, 16, 16, 3}, Ops.deconv2x2(x, full(2, 2, 3, 2), full(3), true).shape());
    assertArrayEquals(new long[] {0, 2}, Ops.gatherRows(full(3, 2), NONE).shape());
  }

  @Test
  void rangesOfAnArenaLeaveTheRestAlone() {
    Tensor p = full(5);
    Tensor m = Tensor.zeros(5);
    Tensor g = full(5);
    Ranges ranges = new Ranges(new long[] {0, 3}, new long[] {1, 2});
    assertEquals(2, ranges.count());
    Ops.sgd(p, m, g, ranges, 0.5f, 0f, 1f);
    assertArrayEquals(new float[] {0.5f, 1, 1, 0.5f, 0.5f}, p.download());
  }

  @Test
  void whatDoesNotFitIsRefusedByName() {
    RuntimeException thrown =
        assertThrows(RuntimeException.class, () -> Ops.add(full(2, 3), full(2, 4)));
    assertTrue(thrown.getMessage().startsWith("add: "), thrown.getMessage());
  }

  @Test
  void aCapturedComputationGivesItsResult() {
    assertEquals(3.0, Ops.captureGraph(() -> Ops.sum(full(3))));
  }

  /** Ones. */
  private static Tensor full(long... shape) {
    Tensor tensor = Tensor.allocate(shape);
    tensor.fill(1f);
    return tensor;
  }
}
