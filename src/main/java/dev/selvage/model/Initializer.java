package dev.selvage.model;

import dev.selvage.nn.Parameter;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.nn.Parameters;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * Weights for training from nothing. Convolutions begin as in He et al. 2015 (arXiv 1502.01852,
 * equation 10), outputs small, and the last normalization of every residual block at zero, so that
 * each block begins as the identity and the signal keeps its scale through any depth without
 * statistics to normalize by (Goyal et al. 2017, section 5.1).
 */
public final class Initializer {
  private static final double OUTPUT_DEVIATION = 0.01;

  /**
   * Of the first convolution's outputs: pixels deviate from the mean pixel by about 64, and the
   * weights double the variance.
   */
  private static final float STEM_VARIANCE = 2 * 64 * 64;

  private Initializer() {}

  /** Fills all parameters; the same for the same seed. */
  public static void initialize(Parameters parameters, long seed) {
    for (Parameter parameter : parameters.list()) {
      parameter.fill(values(parameter.spec(), seed, endsBlock(parameter.layer(), parameters)));
    }
  }

  /** Gives one value after the other. */
  private static DoubleSupplier values(ParameterSpec spec, long seed, boolean endsBlock) {
    return switch (spec.part()) {
      case "kernel" -> {
        SplittableRandom random = new SplittableRandom(seed ^ spec.name().hashCode());
        double deviation = deviation(spec);
        yield () -> normal(deviation, random);
      }
      case "gamma" -> () -> endsBlock ? 0 : 1;
      case "moving_variance" -> () -> spec.layer().equals("bn_conv1") ? STEM_VARIANCE : 1;
      default -> () -> 0; // biases, beta and means
    };
  }

  private static double deviation(ParameterSpec spec) {
    boolean output =
        spec.kind() == Kind.DENSE
            || spec.layer().equals("mrcnn_mask")
            || spec.layer().equals("rpn_class_raw")
            || spec.layer().equals("rpn_bbox_pred");
    if (output) {
      return OUTPUT_DEVIATION;
    }
    // The pyramid has no ReLU, so its layers keep the scale with half the variance.
    return Math.sqrt((spec.layer().startsWith("fpn_") ? 1.0 : 2.0) / spec.fanIn());
  }

  private static boolean endsBlock(String layer, Parameters parameters) {
    return layer.endsWith("_branch2c")
        || layer.endsWith("_branch2b")
            && !parameters.contains(layer.replace("_branch2b", "_branch2c") + "/gamma");
  }

  /** By Box and Muller. */
  private static double normal(double deviation, SplittableRandom random) {
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble())); // of 0 it would be infinite
    return deviation * radius * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
