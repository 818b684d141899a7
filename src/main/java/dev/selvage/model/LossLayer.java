package dev.selvage.model;

import dev.selvage.autograd.Variable;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/** Losses over variables: returns the mean and leaves its weighted gradient with the variable. */
final class LossLayer {
  private LossLayer() {}

  /** Cross-entropy of softmax(logits [R,C]); a negative label takes no part. */
  static double crossEntropy(Variable logits, int[] labels, float weight) {
    Tensor gradient = Tensor.allocate(logits.value().shape());
    double loss = Ops.softmaxCrossEntropy(gradient, logits.value(), labels);
    return pass(logits, gradient, loss, weight);
  }

  /** Smooth L1 (Girshick 2015, equation 3) of prediction [R,4]. */
  static double smoothL1(Variable prediction, float[] target, float weight) {
    Tensor gradient = Tensor.allocate(prediction.value().shape());
    double loss =
        Ops.smoothL1(gradient, prediction.value(), Tensor.of(target, prediction.value().shape()));
    return pass(prediction, gradient, loss, weight);
  }

  /** Binary cross-entropy of sigmoid(logits [P,S,S]). */
  static double mask(Variable logits, Tensor target, float weight) {
    Tensor gradient = Tensor.allocate(logits.value().shape());
    double loss = Ops.maskLoss(gradient, logits.value(), target);
    return pass(logits, gradient, loss, weight);
  }

  private static double pass(Variable variable, Tensor gradient, double loss, float weight) {
    if (variable.requiresGrad() && gradient.size() > 0) {
      if (weight != 1f) {
        Ops.scale(gradient, weight);
      }
      variable.addGradient(gradient);
    }
    return loss;
  }
}
