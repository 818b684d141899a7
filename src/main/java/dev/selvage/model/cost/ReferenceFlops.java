package dev.selvage.model.cost;

import dev.selvage.config.Config;
import dev.selvage.model.Backbone;
import dev.selvage.model.ParameterTable;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.nn.ParameterSpec.Kind;
import java.util.List;
import java.util.function.Predicate;

/**
 * The floating-point operations of the same model without shortcuts, as Matterport's Keras graph
 * executes it: the mask head on every region and for all classes, the region proposal network dense
 * in both directions. Forward counts 2 for each multiplication and addition; backward counts a
 * layer's forward once for the gradient of its weights, if it learns, and once for that of its
 * input, if anything below learns.
 */
public final class ReferenceFlops {
  private final List<ParameterSpec> kernels;
  private final Config config;
  private final double height;
  private final double width;

  /** For images of this size. */
  public ReferenceFlops(Config config, int height, int width) {
    this.config = config;
    this.height = height;
    this.width = width;
    kernels = ParameterTable.of(config).stream().filter(s -> s.part().equals("kernel")).toList();
  }

  /**
   * A training step.
   *
   * @param learns says of a layer's name whether it is trained
   */
  public double step(int images, Predicate<String> learns) {
    double total = 0;
    boolean below = false;
    for (ParameterSpec spec : kernels) {
      double forward =
          images * forward(spec, config.TRAIN_ROIS_PER_IMAGE, config.TRAIN_ROIS_PER_IMAGE);
      boolean trained = learns.test(spec.layer());
      total += forward * (1 + (trained ? 1 : 0) + (below ? 1 : 0));
      below |= trained;
    }
    return total;
  }

  /** A detection. */
  public double detection(int images) {
    double total = 0;
    for (ParameterSpec spec : kernels) {
      total +=
          images * forward(spec, config.POST_NMS_ROIS_INFERENCE, config.DETECTION_MAX_INSTANCES);
    }
    return total;
  }

  private double forward(ParameterSpec spec, int rois, int masks) {
    double perPlace = 2.0 * spec.size();
    String layer = spec.layer();
    if (layer.startsWith("mrcnn_mask")) {
      double cells = config.MASK_POOL_SIZE * config.MASK_POOL_SIZE;
      // The deconvolution multiplies each input cell by its whole kernel; the last convolution sees
      // four times the cells.
      return masks * perPlace * (layer.equals("mrcnn_mask") ? 4 * cells : cells);
    }
    if (layer.startsWith("mrcnn_") || spec.kind() == Kind.DENSE) {
      return rois * perPlace;
    }
    return perPlace * places(layer);
  }

  /** Cells of the map that a convolution of the shared part is computed at. */
  private double places(String layer) {
    if (layer.startsWith("rpn_")) {
      double cells = 0;
      for (int stride : config.BACKBONE_STRIDES.toArray()) {
        cells += anchorCells(Math.ceil(height / stride)) * anchorCells(Math.ceil(width / stride));
      }
      return cells;
    }
    if (layer.equals("conv1")) {
      return cells(2);
    }
    if (!config.STRIDE_IN_1X1 && layer.matches("res[345]a_branch2a") && isBottleneck()) {
      return cells(1 << layer.charAt(3) - '0' - 1); // of the stage before: the 3x3 one halves it
    }
    int stage = layer.charAt(layer.startsWith("res") ? 3 : 5) - '0'; // res3a_.., fpn_c3p3, fpn_p3
    return cells(1 << stage);
  }

  private double anchorCells(double cells) {
    return Math.ceil(cells / config.RPN_ANCHOR_STRIDE);
  }

  private boolean isBottleneck() {
    return Backbone.of(config.BACKBONE).bottleneck();
  }

  private double cells(int stride) {
    return Math.ceil(height / stride) * Math.ceil(width / stride);
  }
}
