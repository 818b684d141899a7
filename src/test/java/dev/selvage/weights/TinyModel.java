package dev.selvage.weights;

import dev.selvage.nn.Parameter;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.nn.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A few layers of every kind under the model's names, so that a file takes some kilobytes. */
public final class TinyModel {
  private TinyModel() {}

  public static List<ParameterSpec> specs(int classes) {
    List<ParameterSpec> specs = new ArrayList<>();
    layer(specs, "conv1", "conv1", Kind.CONV, 4, 3, 3, 3, 4);
    for (String part : List.of("gamma", "beta", "moving_mean", "moving_variance")) {
      specs.add(new ParameterSpec("bn_conv1", "bn_conv1", Kind.BATCH_NORM, part, new long[] {4}));
    }
    layer(specs, "rpn_model", "rpn_conv_shared", Kind.CONV, 5, 3, 3, 4, 5);
    layer(specs, "rpn_model", "rpn_class_raw", Kind.CONV, 6, 1, 1, 5, 6);
    layer(specs, "mrcnn_bbox_fc", "mrcnn_bbox_fc", Kind.DENSE, 4 * classes, 7, 4 * classes);
    layer(specs, "mrcnn_mask_deconv", "mrcnn_mask_deconv", Kind.DECONV, 3, 2, 2, 3, 5);
    layer(specs, "mrcnn_class_logits", "mrcnn_class_logits", Kind.DENSE, classes, 7, classes);
    layer(specs, "mrcnn_mask", "mrcnn_mask", Kind.CONV, classes, 1, 1, 3, classes);
    return specs;
  }

  /** Values that a seed decides, subnormal numbers and negative zero among them. */
  public static Parameters random(List<ParameterSpec> specs, long seed) {
    Parameters parameters = new Parameters(specs);
    Random random = new Random(seed);
    for (Parameter parameter : parameters.list()) {
      float[] values = new float[(int) parameter.size()];
      for (int i = 0; i < values.length; i++) {
        float value = (float) random.nextGaussian();
        values[i] = parameter.name().endsWith("moving_variance") ? Math.abs(value) : value;
      }
      values[0] = -0f;
      values[values.length - 1] = Float.MIN_VALUE;
      parameter.upload(values);
    }
    return parameters;
  }

  private static void layer(
      List<ParameterSpec> specs, String group, String layer, Kind kind, long out, long... kernel) {
    specs.add(new ParameterSpec(group, layer, kind, "kernel", kernel));
    specs.add(new ParameterSpec(group, layer, kind, "bias", new long[] {out}));
  }
}
