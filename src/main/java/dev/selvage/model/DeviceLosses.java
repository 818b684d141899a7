package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.LossFunctions;
import dev.selvage.nn.Parameters;
import dev.selvage.nn.Sgd;
import dev.selvage.tensor.Tensor;

/**
 * The losses of a step in the device's memory. Each method computes one of them and leaves its
 * gradient with the variable. Reading them waits for the device, so that is done once, when the
 * backward pass has been asked for as well.
 */
final class DeviceLosses {
  private static final int TERMS = 6;

  private final Tensor values = Tensor.zeros(TERMS);
  private final Tape tape;
  private final float[] weights;
  private final double scale;

  /**
   * All zero, of the current scope.
   *
   * @param weights LOSS_WEIGHTS
   * @param scale further factor of the gradients, see {@link StepOptions}
   */
  DeviceLosses(Tape tape, float[] weights, double scale) {
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
    LossFunctions.crossEntropy(term(0), logits, labels, factor(0));
  }

  /**
   * Boxes of the positive anchors.
   *
   * @param deltas [positives,4]
   */
  void rpnBbox(Variable deltas, float[] target) {
    tape.annotate("smoothL1", "rpn_bbox_loss");
    LossFunctions.smoothL1(term(1), deltas, target, factor(1));
  }

  /**
   * Classes of the sampled regions (Girshick 2015, equation 1).
   *
   * @param logits [R,NUM_CLASSES]
   */
  void mrcnnClass(Variable logits, int[] classIds) {
    tape.annotate("softmaxCrossEntropy", "mrcnn_class_loss");
    LossFunctions.crossEntropy(term(2), logits, classIds, factor(2));
  }

  /**
   * Boxes of the positive regions.
   *
   * @param deltas [P,4], those of each region's own class
   */
  void mrcnnBbox(Variable deltas, float[] target) {
    tape.annotate("smoothL1", "mrcnn_bbox_loss");
    LossFunctions.smoothL1(term(3), deltas, target, factor(3));
  }

  /**
   * Masks of the positive regions (He et al. 2017, section 3).
   *
   * @param logits [P,S,S], those of each region's own class
   */
  void mrcnnMask(Variable logits, Tensor target) {
    tape.annotate("maskLoss", "mrcnn_mask_loss");
    LossFunctions.mask(term(4), logits, target, factor(4));
  }

  /**
   * The penalty on the weights, which has no weight of its own. Its gradient is the optimizer's.
   */
  void weightDecay(Parameters parameters, double decay) {
    tape.annotate("l2", "weight_decay_loss");
    Sgd.penalty(term(5), parameters, decay);
  }

  /** The numbers; waits for the device. */
  Losses read() {
    float[] terms = values.download();
    double total = terms[5];
    for (int i = 0; i < weights.length; i++) {
      total += (double) weights[i] * terms[i];
    }
    return new Losses(total, terms[0], terms[1], terms[2], terms[3], terms[4]);
  }

  private Tensor term(int index) {
    return values.view(index, 1);
  }

  /** By which the gradient of a loss is multiplied. */
  private float factor(int index) {
    return (float) (scale * weights[index]);
  }
}
