package dev.selvage.nn;

import dev.selvage.autograd.Tape;
import dev.selvage.tensor.DType;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * A convolution's weights with the frozen batch normalization behind it folded in, kept until one
 * of the six arrays changes: throughout inference, throughout training where the layer is frozen.
 *
 * <p>On the CPU, those of a layer that learns lie where its gradients will: a pass has read them
 * for the last time when it writes the gradients. That saves a copy of the backbone.
 */
final class FoldedWeights {
  private final Folds folds;
  private final LayerWeights weights;
  private final BatchNormParameters bn;
  private final int stride;
  private final int pad;
  private Tensor ownKernel;
  private Tensor ownBias;
  private final Map<DType, Tensor> rounded = new EnumMap<>(DType.class);
  private final Map<DType, Tensor> transposed = new EnumMap<>(DType.class);
  private Tensor kernelGradient;
  private Tensor biasGradient;
  private boolean inGradients;
  private long foldedVersion = -1;

  FoldedWeights(Folds folds, LayerWeights weights, BatchNormParameters bn, int stride, int pad) {
    this.folds = folds;
    this.weights = weights;
    this.bn = bn;
    this.stride = stride;
    this.pad = pad;
  }

  /** Makes the folded weights current. */
  void refresh() {
    if (isStale()) {
      folds.fold(this);
    }
  }

  boolean isStale() {
    return version() != foldedVersion;
  }

  private long version() {
    return weights.kernel().version()
        + weights.bias().version()
        + bn.gamma().version()
        + bn.beta().version()
        + bn.mean().version()
        + bn.variance().version();
  }

  /** Whether they are to be folded into the gradients' arena. */
  boolean belongsToGradients() {
    return folds.haveGradients()
        && weights.kernel().trainable()
        && !Ops.takesTransposedKernels()
        && !folds.isWaiting(this)
        && Arrays.stream(learning()).noneMatch(Parameter::hasGradient);
  }

  /** The weights have been folded into the gradients' arena. */
  void markCurrentInGradients() {
    useGradients();
    markCurrent(true);
  }

  /** The weights have been folded into an arena of their own. */
  void markCurrent() {
    if (ownKernel == null) {
      ownKernel = folds.folded(weights.kernel());
      ownBias = folds.folded(weights.bias());
    }
    markCurrent(false);
  }

  private void markCurrent(boolean withGradients) {
    inGradients = withGradients;
    if (weights.kernel().constant()) {
      kernel().holdConstant(true);
    }
    foldedVersion = version();
  }

  Tensor kernel() {
    return inGradients ? kernelGradient : ownKernel;
  }

  /** As a convolution of maps of a type reads it best. */
  Tensor kernel(DType maps) {
    return maps != DType.F32 && Ops.takesShortWeights()
        ? rounded.computeIfAbsent(maps, type -> folds.rounded(weights.kernel(), type))
        : kernel();
  }

  /** As the gradient of the layer's input reads it best besides, or null. */
  Tensor transposedKernel(DType maps) {
    if (!Ops.takesTransposedKernels() || !canBeTransposed()) {
      return null;
    }
    folds.transpose(maps);
    return transposed.computeIfAbsent(maps, type -> folds.transposed(weights.kernel(), type));
  }

  /** {@link Ops#convDataGrad} says which. */
  boolean canBeTransposed() {
    long[] shape = weights.kernel().shape();
    return pad > 0 || shape[0] * shape[1] == 1;
  }

  /** Where the kernel lies in the arenas, as {@link Ops#transposeKernels} takes it. */
  long[] kernelPlace() {
    long[] shape = weights.kernel().shape();
    return new long[] {begin(), shape[0], shape[1], shape[2], shape[3], stride};
  }

  /** The place of the kernel in the arenas. */
  long begin() {
    return weights.kernel().offset();
  }

  long end() {
    return begin() + weights.kernel().size();
  }

  Tensor bias() {
    return inGradients ? biasGradient : ownBias;
  }

  /** Where the layer lies in the arenas, as {@link Ops#foldBn} takes it. */
  long[] place() {
    long channels = weights.bias().size();
    return new long[] {
      weights.kernel().offset(),
      weights.bias().offset(),
      bn.gamma().offset(),
      bn.beta().offset(),
      bn.mean().offset(),
      bn.variance().offset(),
      weights.kernel().size() / channels,
      channels
    };
  }

  /**
   * Where the gradients of the folded weights are to be written: to the place of those of the
   * weights, which {@link #endGradients} makes of them.
   *
   * @throws IllegalStateException if the layer has a gradient already: it has but one place
   */
  void beginGradients() {
    if (folds.isWaiting(this)) {
      throw new IllegalStateException(weights.kernel().layer() + " gets a second gradient");
    }
    for (Parameter parameter : learning()) {
      parameter.requireNoGradient();
    }
    useGradients();
    markStaleInGradients();
  }

  /** The gradients' arena is used for something else from now on. */
  void markStaleInGradients() {
    if (inGradients) {
      foldedVersion = -1;
    }
  }

  private void useGradients() {
    if (kernelGradient == null) {
      kernelGradient = folds.gradient(weights.kernel());
      biasGradient = folds.gradient(weights.bias());
    }
  }

  Tensor kernelGradient() {
    return kernelGradient;
  }

  Tensor biasGradient() {
    return biasGradient;
  }

  /**
   * Turns the gradients of the folded weights into those of the four arrays that learn, exactly,
   * together with those of other layers when the backward pass ends.
   */
  void endGradients(Tape tape) {
    folds.endGradients(tape, this);
  }

  /** The gradients are those of the four arrays. */
  void markGradients() {
    for (Parameter parameter : learning()) {
      parameter.gradientWritten();
    }
  }

  private Parameter[] learning() {
    return new Parameter[] {weights.kernel(), weights.bias(), bn.gamma(), bn.beta()};
  }
}
