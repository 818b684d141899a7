package dev.selvage.nn;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/**
 * relu?(batchnorm(conv(x)) + residual): the building block of residual networks (He et al. 2015,
 * figure 2). With frozen statistics the normalization is folded into the convolution, in training
 * too, so that no value before it is kept.
 *
 * <p>TRAIN_BN: false, the moving averages always, which then never change; true, in training the
 * statistics of the batch in every layer; null, in training the statistics of the batch in the
 * layers that learn. Where a layer learns under the statistics of the batch, its moving averages
 * follow. Inference and validation use the moving averages.
 */
public final class ConvBn {
  private final LayerWeights weights;
  private final BatchNormParameters bn;
  private final FoldedWeights folded;
  private final int stride;
  private final int pad;
  private final boolean relu;
  private final Boolean trainBn;

  /**
   * A block over the parameters of these layers.
   *
   * @param trainBn TRAIN_BN
   */
  public ConvBn(
      Parameters parameters,
      String conv,
      String batchNorm,
      int stride,
      int pad,
      boolean relu,
      Boolean trainBn) {
    this.weights = LayerWeights.of(parameters, conv);
    this.bn = BatchNormParameters.of(parameters, batchNorm);
    this.folded = parameters.folds().of(weights, bn, stride, pad);
    this.stride = stride;
    this.pad = pad;
    this.relu = relu;
    this.trainBn = trainBn;
  }

  /**
   * One pass.
   *
   * @param x [N,H,W,I]
   * @param residual [N,OH,OW,O], added before the ReLU, or null
   */
  public Variable forward(Tape tape, Variable x, Variable residual) {
    tape.annotate("convBlock", weights.kernel().layer());
    boolean wanted = trainBn == null ? bn.trainable() : trainBn;
    return wanted && tape.isRecording() && x.value().size() > 0
        ? normalizedByBatch(tape, x, residual)
        : normalizedByMovingAverages(tape, x, residual);
  }

  private Variable normalizedByMovingAverages(Tape tape, Variable x, Variable residual) {
    folded.refresh();
    Tensor y =
        Ops.convBlock(
            x.value(),
            folded.kernel(x.value().type()),
            folded.bias(),
            valueOf(residual),
            stride,
            pad,
            relu);
    boolean learns = learns(tape);
    if (!learns && !x.requiresGrad() && !requiresGrad(residual)) {
      return tape.constant(y);
    }
    long[] xShape = x.value().shape();
    return tape.record(
        y,
        relu,
        dy -> {
          if (x.requiresGrad()) {
            x.addGradient(
                (others, activation) ->
                    Ops.convDataGrad(
                        xShape,
                        dy,
                        folded.kernel(dy.type()),
                        folded.transposedKernel(dy.type()),
                        others,
                        activation,
                        stride,
                        pad));
          }
          if (learns) { // last: its gradients may lie where the folded weights do
            folded.beginGradients();
            Ops.convWeightGrad(
                folded.kernelGradient(), folded.biasGradient(), x.value(), dy, stride, pad);
            folded.endGradients(tape);
          }
          if (requiresGrad(residual)) {
            residual.addGradient(dy);
          }
        },
        learns ? x.value() : null);
  }

  private Variable normalizedByBatch(Tape tape, Variable x, Variable residual) {
    Tensor z =
        Ops.convBlock(
            x.value(), weights.kernel().value(), weights.bias().value(), null, stride, pad, false);
    Tensor mean = Tensor.allocate(weights.bias().shape());
    Tensor variance = Tensor.allocate(weights.bias().shape());
    Tensor normalized =
        Ops.batchNorm(
            mean, variance, z, bn.gamma().value(), bn.beta().value(), BatchNormParameters.EPSILON);
    Tensor y =
        relu || residual != null ? Ops.addRelu(normalized, valueOf(residual), relu) : normalized;
    if (y != normalized) {
      normalized.close();
    }
    if (bn.trainable()) {
      updateMovingAverages(mean, variance, z.rows());
    }
    boolean learns = learns(tape);
    if (!learns && !x.requiresGrad() && !requiresGrad(residual)) {
      return tape.constant(y);
    }
    long[] xShape = x.value().shape();
    return tape.record(
        y,
        relu,
        dy -> {
          Tensor dgamma = bn.gamma().beginGradient();
          Tensor dbeta = bn.beta().beginGradient();
          Tensor dz =
              Ops.batchNormGrad(
                  dgamma,
                  dbeta,
                  dy,
                  z,
                  bn.gamma().value(),
                  mean,
                  variance,
                  BatchNormParameters.EPSILON);
          bn.gamma().endGradient(dgamma);
          bn.beta().endGradient(dbeta);
          if (weights.trainable()) {
            weights.addGradients(
                (dw, db) -> Ops.convWeightGrad(dw, db, x.value(), dz, stride, pad));
          }
          if (x.requiresGrad()) {
            x.addGradient(
                (others, activation) ->
                    Ops.convDataGrad(
                        xShape, dz, weights.kernel().value(), others, activation, stride, pad));
          }
          if (requiresGrad(residual)) {
            residual.addGradient(dy);
          }
        },
        learns ? x.value() : null,
        z,
        mean,
        variance);
  }

  /** As Keras does: the moving variance averages the unbiased estimate. */
  private void updateMovingAverages(Tensor mean, Tensor variance, long samples) {
    float correction =
        samples > 1 ? (float) (samples / (samples - (1.0 + BatchNormParameters.EPSILON))) : 1f;
    average(bn.mean(), mean, 1f);
    average(bn.variance(), variance, correction);
  }

  private static void average(Parameter moving, Tensor batch, float correction) {
    Tensor share = Ops.copy(batch);
    Ops.scale(share, (1 - BatchNormParameters.MOMENTUM) * correction);
    Ops.scale(moving.value(), BatchNormParameters.MOMENTUM);
    Ops.add(moving.value(), share);
    moving.changed();
  }

  private boolean learns(Tape tape) {
    return tape.isRecording() && (weights.trainable() || bn.trainable());
  }

  private static Tensor valueOf(Variable variable) {
    return variable == null ? null : variable.value();
  }

  private static boolean requiresGrad(Variable variable) {
    return variable != null && variable.requiresGrad();
  }
}
