package dev.selvage.nn;

import dev.selvage.tensor.Tensor;

/**
 * The name and shape of one parameter, in Keras' terms.
 *
 * @param group of the weight file that holds the layer: the layer itself, or the model it is nested
 *     in (rpn_model)
 * @param layer Keras' layer name, e.g. res2a_branch2a
 * @param kind of the layer
 * @param part kernel, bias, gamma, beta, moving_mean or moving_variance
 * @param shape in Keras' layout: convolution (h,w,in,out), deconvolution (h,w,out,in), dense
 *     (in,out)
 */
public record ParameterSpec(String group, String layer, Kind kind, String part, long[] shape) {
  /** What a layer computes. */
  public enum Kind {
    CONV,
    BATCH_NORM,
    DECONV,
    DENSE
  }

  /** layer/part. */
  public String name() {
    return layer + "/" + part;
  }

  public long size() {
    return Tensor.count(shape);
  }

  /** Statistics are carried along but never learned. */
  public boolean isStatistic() {
    return part.startsWith("moving_");
  }

  /** Weight decay applies to kernels and biases, not to gamma and beta. */
  public boolean decays() {
    return part.equals("kernel") || part.equals("bias");
  }

  /** Inputs that one output of the layer sums over. */
  public long fanIn() {
    return switch (kind) {
      case BATCH_NORM -> 1;
      case DECONV -> shape[3];
      case CONV, DENSE -> size() / shape[shape.length - 1];
    };
  }
}
