package dev.selvage.model;

import dev.selvage.autograd.TapeListener;
import dev.selvage.data.loader.Batch;
import java.util.function.Supplier;

/**
 * How {@link MaskRcnn} computes one step. Begin with {@link #DEFAULTS} and change what differs.
 *
 * @param rois [N,count,4] flat, normalized, zero padded: what the heads are trained on in place of
 *     the proposals, which are computed all the same; null for the proposals
 * @param listener sees every value and gradient, which makes the step several times slower; null
 *     for none
 * @param lossScale factor of all gradients, so that short types do not round them to zero; the
 *     returned losses are not scaled
 * @param upcoming gives the batch after this one, or null while it is not ready; asked when the
 *     device has all its work, so that the images of that batch are copied meanwhile
 */
public record StepOptions(
    float[] rois, TapeListener listener, double lossScale, Supplier<Batch> upcoming) {
  /** Proposals, no listener, no scale, no upcoming batch. */
  public static final StepOptions DEFAULTS = new StepOptions(null, null, 1, () -> null);

  public StepOptions withRois(float[] newRois) {
    return new StepOptions(newRois, listener, lossScale, upcoming);
  }

  public StepOptions withListener(TapeListener newListener) {
    return new StepOptions(rois, newListener, lossScale, upcoming);
  }

  public StepOptions withLossScale(double newScale) {
    return new StepOptions(rois, listener, newScale, upcoming);
  }

  public StepOptions withUpcoming(Supplier<Batch> newUpcoming) {
    return new StepOptions(rois, listener, lossScale, newUpcoming);
  }
}
