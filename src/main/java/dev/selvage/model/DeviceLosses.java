package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.LossFunctions;
import dev.selvage.nn.Parameters;
import dev.selvage.nn.Sgd;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/**
 * The losses of a step in the device's memory. Each method computes one of them and leaves its
 * gradient with the variable. Reading them waits for the device, so that is left to the caller.
 */
final class DeviceLosses {
  private final Tensor values;
  private final Tape tape;
  private final float[] weights;
  private final double scale;

  /**
   * Before any loss is computed.
   *
   * @param values [{@link Losses#TERMS}] zeros, where they are written to
   * @param weights LOSS_WEIGHTS
   * @param scale further factor of the gradients, see {@link StepOptions}
   */
  DeviceLosses(Tape tape, Tensor values, float[] weights, double scale) {
    this.values = values;
    this.tape = tape;
    this.weights = weights;
    this.scale = scale;
  }

  /**
   * Object or background, over the sampled anchors (Ren et al. 2015, equation 1).
   *
   * @param logits [sampled,2]
   */
  void rpnClass(Variable logits, int[] labels) {
    tape.annotate("softmaxCrossEntropy", "rpn_class_loss");
    LossFunctions.crossEntropy(term(0), logits, Ops.list(labels), factor(0));
  }

  /**
   * Boxes of the positive anchors.
   *
   * @param deltas [sampled,4]
   * @param labels of the sampled anchors
   */
  void rpnBbox(Variable deltas, float[] target, int[] labels) {
    tape.annotate("boxLoss", "rpn_bbox_loss");
    LossFunctions.boxes(
        term(1), deltas, Tensor.of(target, labels.length, 4), Ops.list(labels), factor(1));
  }

  /**
   * Classes of the sampled regions (Girshick 2015, equation 1).
   *
   * @param logits [R,NUM_CLASSES]
   */
  void mrcnnClass(Variable logits, Tensor classIds) {
    tape.annotate("softmaxCrossEntropy", "mrcnn_class_loss");
    LossFunctions.crossEntropy(term(2), logits, classIds, factor(2));
  }

  /**
   * Boxes of the positive regions.
   *
   * @param deltas [R,4 NUM_CLASSES], of which those of each region's own class count
   * @param target [R,4]
   * @param classIds [R], 0 for background
   */
  void mrcnnBbox(Variable deltas, Tensor target, Tensor classIds) {
    tape.annotate("boxLoss", "mrcnn_bbox_loss");
    LossFunctions.boxes(term(3), deltas, target, classIds, factor(3));
  }

  /**
   * Masks of the positive regions (He et al. 2017, section 3).
   *
   * @param logits [P,S,S], those of each region's own class
   * @param classIds [P], 0 for a row without a region
   */
  void mrcnnMask(Variable logits, Tensor target, Tensor classIds) {
    tape.annotate("maskLoss", "mrcnn_mask_loss");
    LossFunctions.mask(term(4), logits, target, classIds, factor(4));
  }

  /**
   * The penalty on the weights, which has no weight of its own. Its gradient is the optimizer's.
   */
  void weightDecay(Parameters parameters, double decay) {
    tape.annotate("l2", "weight_decay_loss");
    Sgd.penalty(term(5), parameters, decay);
  }

  private Tensor term(int index) {
    return values.view(index, 1);
  }

  /** By which the gradient of a loss is multiplied. */
  private float factor(int index) {
    return (float) (scale * weights[index]);
  }
}
