package dev.selvage.nn;

import dev.selvage.nn.ParameterSpec.Kind;
import java.util.ArrayList;
import java.util.List;

/** Parameters of a few layers for tests. */
final class Specs {
  private Specs() {}

  /** kernel and bias. */
  static List<ParameterSpec> weights(String layer, Kind kind, int out, long... kernel) {
    return List.of(
        new ParameterSpec(layer, layer, kind, "kernel", kernel),
        new ParameterSpec(layer, layer, kind, "bias", new long[] {out}));
  }

  /** gamma, beta, moving_mean and moving_variance. */
  static List<ParameterSpec> batchNorm(String layer, int channels) {
    List<ParameterSpec> specs = new ArrayList<>();
    for (String part : List.of("gamma", "beta", "moving_mean", "moving_variance")) {
      specs.add(new ParameterSpec(layer, layer, Kind.BATCH_NORM, part, new long[] {channels}));
    }
    return specs;
  }

  /** A convolution "res" of 3 to 2 channels and its batch normalization "bn". */
  static List<ParameterSpec> block(int side) {
    List<ParameterSpec> specs = new ArrayList<>(weights("res", Kind.CONV, 2, side, side, 3, 2));
    specs.addAll(batchNorm("bn", 2));
    return specs;
  }
}
