package dev.selvage.nn;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;

/**
 * The end of a mask head (He et al. 2017, figure 4): a 2x2 transposed convolution of stride 2 with
 * a ReLU, and the 1x1 convolution behind it. Of that only the channel of the region's class is
 * computed: the loss and the result use no other.
 *
 * <p>The maps between the two are the largest that regions have. On the CPU they are made for a few
 * regions at a time, which then lie in the processor's cache, and made again in the backward pass
 * (1% of a step, a tenth of its memory). A GPU makes them for all regions at once and keeps them.
 */
public final class MaskPredictor {
  /** On the CPU. */
  public static final long REGIONS_AT_A_TIME = 8;

  private final LayerWeights deconv;
  private final LayerWeights mask;

  /** Over the parameters of two layers. */
  public MaskPredictor(Parameters parameters, String deconv, String mask) {
    this.deconv = LayerWeights.of(parameters, deconv);
    this.mask = LayerWeights.of(parameters, mask);
  }

  /**
   * Mask logits.
   *
   * @param x [R,H,W,I]
   * @param classOf [R]
   * @return [R,2H,2W]
   */
  public Variable forward(Tape tape, Variable x, Tensor classOf) {
    Tensor value = x.value();
    long regions = value.dim(0);
    boolean whole = Ops.readingWaits() || regions <= REGIONS_AT_A_TIME;
    Tensor y = Tensor.allocate(regions, 2 * value.dim(1), 2 * value.dim(2));
    Tensor kept = whole ? forward(tape, y, value, classOf) : null;
    if (!whole) {
      Rows.inGroups(
          regions,
          REGIONS_AT_A_TIME,
          rows -> forward(tape, rows.of(y), rows.of(value), rows.of(classOf)));
    }
    boolean learns = tape.isRecording() && (deconv.trainable() || mask.trainable());
    if (regions == 0 || !learns && !x.requiresGrad()) {
      return tape.constant(y);
    }
    return tape.record(
        y,
        dy -> {
          if (x.requiresGrad()) {
            x.addGradient(
                (others, activation) -> {
                  Tensor dx = Tensor.allocate(value.type(), value.shape());
                  backward(dx, dy, value, classOf, kept, others, activation);
                  return dx;
                });
          } else {
            backward(null, dy, value, classOf, kept, null, null);
          }
        },
        value,
        kept);
  }

  /** Writes the logits of regions to y, and returns what came before them. */
  private Tensor forward(Tape tape, Tensor y, Tensor x, Tensor classOf) {
    tape.annotate("deconv2x2", deconv.kernel().layer());
    Tensor enlarged = enlarged(x);
    tape.constant(enlarged);
    tape.annotate("maskLogits", mask.kernel().layer());
    Ops.maskLogits(y, enlarged, mask.kernel().value(), mask.bias().value(), classOf);
    return enlarged;
  }

  private Tensor enlarged(Tensor x) {
    return Ops.deconv2x2(x, deconv.kernel().value(), deconv.bias().value(), true);
  }

  /**
   * The gradients of the weights, and that of x with that of other paths.
   *
   * @param dx where the gradient of x is written to, or null
   * @param kept the enlarged maps of all regions, or null
   */
  private void backward(
      Tensor dx,
      Tensor dy,
      Tensor x,
      Tensor classOf,
      Tensor kept,
      Tensor others,
      Tensor activation) {
    GradientParts ofMask = new GradientParts(mask);
    GradientParts ofDeconv = new GradientParts(deconv);
    Rows.inGroups(
        x.dim(0),
        kept != null ? x.dim(0) : REGIONS_AT_A_TIME,
        rows -> {
          Tensor enlarged = kept != null ? kept : enlarged(rows.of(x));
          Tensor gradient = Tensor.allocate(enlarged.type(), enlarged.shape());
          ofMask.add(
              (dw, db) ->
                  Ops.maskLogitsGrad(
                      gradient,
                      dw,
                      db,
                      rows.of(dy),
                      enlarged,
                      mask.kernel().value(),
                      rows.of(classOf)));
          Ops.reluGradInPlace(gradient, enlarged);
          if (deconv.trainable()) {
            ofDeconv.add((dw, db) -> Ops.deconv2x2WeightGrad(dw, db, rows.of(x), gradient));
          }
          if (dx != null) {
            Ops.deconv2x2DataGrad(
                rows.of(dx),
                gradient,
                deconv.kernel().value(),
                rows.of(others),
                rows.of(activation));
          }
        });
    ofMask.end();
    ofDeconv.end();
  }
}
