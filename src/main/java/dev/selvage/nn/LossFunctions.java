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
  public static void crossEntropy(Tensor loss, Variable logits, int[] labels, float weight) {
    Tensor gradient = Tensor.allocate(logits.value().shape());
    Ops.softmaxCrossEntropy(loss, gradient, logits.value(), labels);
    pass(logits, gradient, weight);
  }

  /** Smooth L1 (Girshick 2015, equation 3) of prediction [R,4]. */
  public static void smoothL1(Tensor loss, Variable prediction, float[] target, float weight) {
    Tensor gradient = Tensor.allocate(prediction.value().shape());
    Ops.smoothL1(loss, gradient, prediction.value(), Tensor.of(target, prediction.value().shape()));
    pass(prediction, gradient, weight);
  }

  /** Binary cross-entropy of sigmoid(logits [P,S,S]). */
  public static void mask(Tensor loss, Variable logits, Tensor target, float weight) {
    Tensor gradient = Tensor.allocate(logits.value().shape());
    Ops.maskLoss(loss, gradient, logits.value(), target);
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
