package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.ConvBn;
import dev.selvage.nn.MaskPredictor;
import dev.selvage.nn.Parameters;
import dev.selvage.tensor.Tensor;

/**
 * The mask of a region (He et al. 2017, figure 4). With TRAIN_BN the statistics of a batch are
 * those of the regions that come through here.
 */
final class MaskHead {
  private final ConvBn[] convs = new ConvBn[4];
  private final MaskPredictor predictor;

  MaskHead(Parameters parameters, Boolean trainBn) {
    for (int i = 0; i < convs.length; i++) {
      int number = i + 1;
      convs[i] =
          new ConvBn(
              parameters,
              "mrcnn_mask_conv" + number,
              "mrcnn_mask_bn" + number,
              1,
              1,
              true,
              trainBn);
    }
    predictor = new MaskPredictor(parameters, "mrcnn_mask_deconv", "mrcnn_mask");
  }

  /**
   * Mask logits.
   *
   * @param pooled [R,MASK_POOL_SIZE,MASK_POOL_SIZE,C]
   * @param classOf [R]
   * @return [R,S,S] with S = 2 MASK_POOL_SIZE
   */
  Variable forward(Tape tape, Variable pooled, Tensor classOf) {
    Variable x = pooled;
    for (ConvBn conv : convs) {
      Variable y = conv.forward(tape, x, null);
      tape.release(x);
      x = y;
    }
    Variable logits = predictor.forward(tape, x, classOf);
    tape.release(x);
    return logits;
  }
}
