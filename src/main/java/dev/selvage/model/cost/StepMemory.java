package dev.selvage.model.cost;

import dev.selvage.config.Config;
import dev.selvage.config.Precision;
import dev.selvage.model.ParameterTable;
import dev.selvage.nn.LayerSelection;
import dev.selvage.nn.MaskPredictor;
import dev.selvage.nn.ParameterSpec;
import java.util.List;
import java.util.function.Predicate;

/**
 * An estimate of the main memory that the tensors of a training step on the CPU take at most:
 * weights with gradients and momenta, what the backward pass needs of the forward pass, and the
 * largest temporaries. Within a quarter of what was measured.
 */
public final class StepMemory {
  /** Of a weight, and of a map's value with PRECISION=f32. */
  private static final int FLOAT = Float.BYTES;

  /** What the allocator holds beyond what is in use: room between blocks of varying sizes. */
  private static final double SLACK = 1.15;

  private final Config config;
  private final List<ParameterSpec> specs;
  private final Predicate<String> learns;
  private final int side;
  private final int bytesPerValue;

  /**
   * For square images.
   *
   * @param side of an image in pixels
   * @param layers as in LAYERS
   */
  public StepMemory(Config config, int side, String layers) {
    this.config = config;
    this.side = side;
    bytesPerValue = config.PRECISION == Precision.F32 ? FLOAT : FLOAT / 2;
    specs = ParameterTable.of(config);
    learns = name -> LayerSelection.pattern(layers).matcher(name).matches();
  }

  /** Bytes of a step on so many images. */
  public double bytes(int images) {
    return SLACK * (weights() + images * (double) bytesPerValue * valuesOfAnImage());
  }

  /** The most images whose step fits; 0 if none does. */
  public int most(double bytes) {
    double each = bytes(1) - bytes(0);
    return (int) Math.max(0, Math.floor((bytes - bytes(0)) / each));
  }

  /**
   * Values, gradients, momenta, and averages; where a convolution is frozen, a copy of all values
   * into which normalization is folded.
   */
  private double weights() {
    double all = specs.stream().mapToDouble(ParameterSpec::size).sum();
    boolean frozen =
        specs.stream().anyMatch(spec -> isOfBackbone(spec) && !learns.test(spec.layer()));
    return FLOAT * all * (3 + (frozen ? 1 : 0) + (config.EMA_DECAY > 0 ? 1 : 0));
  }

  private double valuesOfAnImage() {
    double pyramid = 0;
    for (int level = 2; level <= 6; level++) {
      pyramid += cells(1 << level) * config.TOP_DOWN_PYRAMID_SIZE;
    }
    double kept = backbone() + 2 * pyramid + 3.0 * side * side;
    double hidden = cells(4) * config.RPN_CHANNELS;
    double sampled =
        config.RPN_TRAIN_ANCHORS_PER_IMAGE
            * (9.0 * config.TOP_DOWN_PYRAMID_SIZE + config.RPN_CHANNELS);
    double heads = sampled + boxHead() + maskHead();
    // the network's hidden layer, or the heads with the gradients where the backward pass begins,
    // or the gradients of the pyramid when the heads are done
    return kept + Math.max(hidden, Math.max(heads, 3 * pyramid));
  }

  /** What the backbone keeps: the maps from the first layer on that learns, else C2..C5 alone. */
  private double backbone() {
    boolean below = false;
    double values = 0;
    for (ParameterSpec spec : specs) {
      String layer = spec.layer();
      if (isOfBackbone(spec)) {
        below |= learns.test(layer);
        boolean shortcut = layer.endsWith("branch1");
        double out = spec.shape()[3];
        if (below && layer.equals("conv1")) {
          values += out * (cells(2) + cells(4));
        } else if (below && !shortcut) {
          values += out * cells(1 << layer.charAt(3) - '0');
        } else if (shortcut) {
          values += out * cells(1 << layer.charAt(3) - '0');
        }
      }
    }
    return values;
  }

  private static boolean isOfBackbone(ParameterSpec spec) {
    return spec.part().equals("kernel")
        && (spec.layer().equals("conv1") || spec.layer().startsWith("res"));
  }

  private double boxHead() {
    double pooled = (double) config.POOL_SIZE * config.POOL_SIZE * config.TOP_DOWN_PYRAMID_SIZE;
    // the pooled regions and their gradient
    return config.TRAIN_ROIS_PER_IMAGE * (2 * pooled + 6.0 * config.FPN_CLASSIF_FC_LAYERS_SIZE);
  }

  private double maskHead() {
    double cell = config.TOP_DOWN_PYRAMID_SIZE + 6.0 * config.MASK_CHANNELS;
    double enlarged =
        Math.min(positives(), MaskPredictor.REGIONS_AT_A_TIME) * 8.0 * config.MASK_CHANNELS;
    return maskCells() * (positives() * cell + enlarged);
  }

  private double positives() {
    return Math.rint(config.TRAIN_ROIS_PER_IMAGE * (double) config.ROI_POSITIVE_RATIO);
  }

  private double maskCells() {
    return (double) config.MASK_POOL_SIZE * config.MASK_POOL_SIZE;
  }

  private double cells(int stride) {
    double across = Math.ceil((double) side / stride);
    return across * across;
  }
}
