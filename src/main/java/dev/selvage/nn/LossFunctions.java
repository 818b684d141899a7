package dev.selvage.nn;

import dev.selvage.autograd.Variable;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/**
 * Losses over variables: the mean is written to loss [1], where it stays until someone reads it,
 * and its weighted gradient is left with the variable.
 */
public final class LossFunctions {
  private LossFunctions() {}

  /** Cross-entropy of softmax(logits [R,C]); a negative label takes no part. */
  public static void crossEntropy(Tensor loss, Variable logits, Tensor labels, float weight) {
    Tensor gradient = Tensor.allocate(logits.value().shape());
    Ops.softmaxCrossEntropy(loss, gradient, logits.value(), labels);
    pass(logits, gradient, weight);
  }

  /**
   * Smooth L1 (Girshick 2015, equation 3) of the boxes of regions' own classes; a class of 0 or
   * less takes no part.
   *
   * @param prediction [R,4 K], with K = 1 for boxes that all classes share
   * @param target [R,4]
   */
  public static void boxes(
      Tensor loss, Variable prediction, Tensor target, Tensor classIds, float weight) {
    Tensor value = prediction.value();
    Tensor gradient = Tensor.allocate(value.shape());
    long classes = value.lastDim() / 4;
    Ops.boxLoss(
        loss,
        gradient.reshape(value.dim(0), classes, 4),
        value.reshape(value.dim(0), classes, 4),
        target,
        classIds);
    pass(prediction, gradient, weight);
  }

  /** Binary cross-entropy of sigmoid(logits [P,S,S]); a class of 0 or less takes no part. */
  public static void mask(
      Tensor loss, Variable logits, Tensor target, Tensor classIds, float weight) {
    Tensor gradient = Tensor.allocate(logits.value().shape());
    Ops.maskLoss(loss, gradient, logits.value(), target, classIds);
    pass(logits, gradient, weight);
  }

  private static void pass(Variable variable, Tensor gradient, float weight) {
    if (variable.requiresGrad() && gradient.size() > 0) {
      if (weight != 1f) {
        Ops.scale(gradient, weight);
      }
      variable.addGradient(gradient);
    }
  }
}
