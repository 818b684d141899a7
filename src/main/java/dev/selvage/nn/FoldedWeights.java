package dev.selvage.nn;

import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/**
 * A convolution's weights with the frozen batch normalization behind it folded in, kept until one
 * of the six arrays changes: throughout inference, throughout training where the layer is frozen.
 */
final class FoldedWeights {
  private final Parameters parameters;
  private final LayerWeights weights;
  private final BatchNormParameters bn;
  private Tensor foldedKernel;
  private Tensor foldedBias;
  private long foldedVersion = -1;

  FoldedWeights(Parameters parameters, LayerWeights weights, BatchNormParameters bn) {
    this.parameters = parameters;
    this.weights = weights;
    this.bn = bn;
  }

  /** Makes the folded weights current. */
  void refresh() {
    long version =
        weights.kernel().version()
            + weights.bias().version()
            + bn.gamma().version()
            + bn.beta().version()
            + bn.mean().version()
            + bn.variance().version();
    if (version == foldedVersion) {
      return;
    }
    if (foldedKernel == null) {
      foldedKernel = parameters.own(weights.kernel().shape());
      foldedBias = parameters.own(weights.bias().shape());
    }
    Ops.foldBn(
        foldedKernel,
        foldedBias,
        weights.kernel().value(),
        weights.bias().value(),
        bn.gamma().value(),
        bn.beta().value(),
        bn.mean().value(),
        bn.variance().value(),
        BatchNormParameters.EPSILON);
    if (weights.kernel().constant()) {
      foldedKernel.holdConstant(true);
    }
    foldedVersion = version;
  }

  Tensor kernel() {
    return foldedKernel;
  }

  Tensor bias() {
    return foldedBias;
  }

  /** Turns the gradients of the folded weights into those of the four arrays that learn; exact. */
  void addGradients(Tensor foldedKernelGradient, Tensor foldedBiasGradient) {
    Tensor dgamma = bn.gamma().beginGradient();
    Tensor dbeta = bn.beta().beginGradient();
    weights.addGradients(
        (dw, db) ->
            Ops.foldBnGrad(
                dw,
                db,
                dgamma,
                dbeta,
                foldedKernelGradient,
                foldedBiasGradient,
                weights.kernel().value(),
                weights.bias().value(),
                bn.gamma().value(),
                bn.mean().value(),
                bn.variance().value(),
                BatchNormParameters.EPSILON));
    bn.gamma().endGradient(dgamma);
    bn.beta().endGradient(dbeta);
  }
}
