package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.nn.ConvBn;
import dev.selvage.nn.Dense;
import dev.selvage.nn.Parameters;

/**
 * Class and box of a region (Girshick 2015; two fully connected layers, written as convolutions,
 * before the outputs).
 */
final class BoxHead {
  /**
   * The outputs of the head for R regions.
   *
   * @param logits [R,K]
   * @param deltas [R,4 K]
   */
  record Output(Variable logits, Variable deltas) {}

  private final ConvBn first;
  private final ConvBn second;
  private final Dense classLogits;
  private final Dense bboxFc;

  BoxHead(Parameters parameters, Boolean trainBn) {
    first = new ConvBn(parameters, "mrcnn_class_conv1", "mrcnn_class_bn1", 1, 0, true, trainBn);
    second = new ConvBn(parameters, "mrcnn_class_conv2", "mrcnn_class_bn2", 1, 0, true, trainBn);
    classLogits = new Dense(parameters, "mrcnn_class_logits");
    bboxFc = new Dense(parameters, "mrcnn_bbox_fc");
  }

  /**
   * @param pooled [R,POOL_SIZE,POOL_SIZE,C]
   */
  Output forward(Tape tape, Variable pooled) {
    Variable hidden = first.forward(tape, pooled, null);
    tape.release(pooled);
    Variable x = second.forward(tape, hidden, null);
    tape.release(hidden);
    return new Output(classLogits.forward(tape, x), bboxFc.forward(tape, x));
  }
}
