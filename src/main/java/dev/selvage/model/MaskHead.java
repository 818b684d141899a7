package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.ConvBn;
import dev.selvage.nn.Deconv;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/**
 * The mask of a region (He et al. 2017, figure 4). Only the channel of the region's class is
 * computed: the loss and the result use no other. With TRAIN_BN the statistics of a batch are those
 * of the regions that come through here.
 */
final class MaskHead {
  private final ConvBn[] convs = new ConvBn[4];
  private final Deconv deconv;
  private final Parameter kernel;
  private final Parameter bias;

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
    deconv = new Deconv(parameters, "mrcnn_mask_deconv");
    kernel = parameters.get("mrcnn_mask/kernel");
    bias = parameters.get("mrcnn_mask/bias");
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
    Variable enlarged = deconv.forward(tape, x);
    tape.release(x);
    return logits(tape, enlarged, classOf);
  }

  private Variable logits(Tape tape, Variable x, Tensor classOf) {
    tape.annotate("maskLogits", kernel.layer());
    Tensor y = Ops.maskLogits(x.value(), kernel.value(), bias.value(), classOf);
    boolean learns = tape.isRecording() && (kernel.trainable() || bias.trainable());
    if (!learns && !x.requiresGrad()) {
      return tape.constant(y);
    }
    return tape.record(
        y,
        dy -> {
          Tensor dw = kernel.beginGradient();
          Tensor db = bias.beginGradient();
          Tensor dx = Ops.maskLogitsGrad(dw, db, dy, x.value(), kernel.value(), classOf);
          kernel.endGradient(dw);
          bias.endGradient(db);
          x.addGradient(dx);
        },
        x.value());
  }
}
