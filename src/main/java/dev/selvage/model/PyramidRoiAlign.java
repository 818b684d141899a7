package dev.selvage.model;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Tensor;
import java.util.Arrays;

/**
 * RoIAlign (He et al. 2017, section 3) from the pyramid level that fits a region's size (Lin et al.
 * 2017, equation 1).
 */
final class PyramidRoiAlign {
  private PyramidRoiAlign() {}

  /**
   * Features of regions.
   *
   * @param pyramid of which P6 is not used
   * @param boxes [R,4] normalized
   * @param imageIndices [R]; below 0 for a region of zeros
   * @param side cells of the result
   * @return [R,side,side,C]
   */
  static Variable forward(Tape tape, Pyramid pyramid, Tensor boxes, Tensor imageIndices, int side) {
    tape.annotate("roiAlign", "roi_align");
    Variable[] levels = Arrays.copyOf(pyramid.levels(), 4);
    Tensor[] values = Arrays.stream(levels).map(Variable::value).toArray(Tensor[]::new);
    Tensor y = Ops.roiAlign(values, boxes, imageIndices, side, pyramid.height(), pyramid.width());
    if (Arrays.stream(levels).noneMatch(Variable::requiresGrad)) {
      return tape.constant(y);
    }
    return tape.record(
        y,
        dy -> {
          Tensor[] gradients =
              Arrays.stream(levels).map(Variable::gradientToAddInto).toArray(Tensor[]::new);
          Ops.roiAlignGrad(gradients, dy, boxes, imageIndices, pyramid.height(), pyramid.width());
        },
        boxes,
        imageIndices);
  }
}
