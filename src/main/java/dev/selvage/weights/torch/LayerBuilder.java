package dev.selvage.weights.torch;

import dev.selvage.util.UserError;
import dev.selvage.weights.StoredArray;
import dev.selvage.weights.torch.ImportedModel.Piece;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Makes Keras layers from a checkpoint's tensors, and records which tensors it has used. */
final class LayerBuilder {
  /** The epsilon that Keras adds to the variance. */
  private static final double EPSILON = 1e-3;

  private final Path file;
  private final TorchCheckpoint checkpoint;
  private final Set<String> used = new HashSet<>();
  private final List<Piece> pieces = new ArrayList<>();

  LayerBuilder(Path file, TorchCheckpoint checkpoint) {
    this.file = file;
    this.checkpoint = checkpoint;
  }

  List<Piece> pieces() {
    return pieces;
  }

  /** Tensors that no layer uses. */
  List<String> unused() {
    return checkpoint.tensors().keySet().stream().filter(n -> !used.contains(n)).toList();
  }

  boolean has(String layer) {
    return checkpoint.tensors().containsKey(layer + ".weight");
  }

  /** The values of a tensor, or null where the checkpoint has none of that name. */
  float[] constant(String name) {
    used.add(name);
    CheckpointTensor tensor = checkpoint.tensors().get(name);
    return tensor == null ? null : checkpoint.values(tensor);
  }

  /**
   * The shape of a layer's weight.
   *
   * @throws UserError if there is no such layer or its weight has another rank
   */
  int[] shape(String layer, int rank) {
    List<Long> shape = tensor(layer + ".weight").shape();
    if (shape.size() != rank || shape.stream().anyMatch(d -> d < 1 || d > Integer.MAX_VALUE)) {
      throw refused("a %s.weight of %d axes".formatted(layer, rank), "shape " + shape);
    }
    return shape.stream().mapToInt(Long::intValue).toArray();
  }

  /** A convolution under a layer name of its own group. */
  void conv(String layer, String name) {
    conv(layer, layer, name, ChannelMap.same(shape(name, 4)[0]));
  }

  /** A convolution whose output channels are chosen; without a bias, ours is zero. */
  void conv(String group, String layer, String name, ChannelMap rows) {
    int[] s = shape(name, 4);
    int area = s[2] * s[3];
    Supplier<float[]> kernel =
        () -> TorchLayout.toKeras(weight(name, rows, s[1] * area), rows.count(), s[1], area);
    add(group, layer, "kernel", kernel, s[2], s[3], s[1], rows.count());
    bias(group, layer, name, rows, s[0]);
  }

  /**
   * The first convolution.
   *
   * @param source the input channels of red, green and blue in the other library
   * @param std what the other library divides red, green and blue by
   */
  void stem(String layer, String name, int[] source, double[] std) {
    int[] s = shape(name, 4);
    if (s[1] != 3) {
      throw refused("3 input channels of " + name, String.valueOf(s[1]));
    }
    int area = s[2] * s[3];
    int[] channels = new int[s[0] * 3];
    double[] scale = new double[channels.length];
    for (int i = 0; i < channels.length; i++) {
      channels[i] = i / 3 * 3 + source[i % 3];
      scale[i] = 1 / std[i % 3];
    }
    Supplier<float[]> kernel =
        () ->
            TorchLayout.toKeras(weight(name, new ChannelMap(channels, scale), area), s[0], 3, area);
    add(layer, layer, "kernel", kernel, s[2], s[3], 3, s[0]);
    bias(layer, layer, name, ChannelMap.same(s[0]), s[0]);
  }

  /**
   * Turns a dense layer over a flattened feature map into the equivalent convolution over the map.
   *
   * @return the map's side
   */
  int denseAsConv(String layer, String name, int channels) {
    int[] s = shape(name, 2);
    int side = (int) Math.round(Math.sqrt((double) s[1] / channels));
    if (side * side * channels != s[1]) {
      throw refused(
          "the inputs of %s to come from a square feature map with %d channels"
              .formatted(name, channels),
          s[1] + " inputs");
    }
    Supplier<float[]> kernel =
        () ->
            TorchLayout.toKeras(
                weight(name, ChannelMap.same(s[0]), s[1]), s[0], channels, side * side);
    add(layer, layer, "kernel", kernel, side, side, channels, s[0]);
    bias(layer, layer, name, ChannelMap.same(s[0]), s[0]);
    return side;
  }

  /** A dense layer whose outputs are chosen. */
  void dense(String layer, String name, ChannelMap rows) {
    int[] s = shape(name, 2);
    Supplier<float[]> kernel =
        () -> TorchLayout.toKeras(weight(name, rows, s[1]), rows.count(), s[1], 1);
    add(layer, layer, "kernel", kernel, s[1], rows.count());
    bias(layer, layer, name, rows, s[0]);
  }

  void deconv(String layer, String name) {
    int[] s = shape(name, 4);
    int area = s[2] * s[3];
    Supplier<float[]> kernel =
        () ->
            TorchLayout.toKeras(weight(name, ChannelMap.same(s[0]), s[1] * area), s[0], s[1], area);
    add(layer, layer, "kernel", kernel, s[2], s[3], s[1], s[0]);
    bias(layer, layer, name, ChannelMap.same(s[1]), s[1]);
  }

  /**
   * A normalization by moving averages. The difference between the two epsilons goes into gamma:
   * under the variance it would be lost to rounding where that is small.
   */
  void batchNorm(String layer, String name, double epsilon) {
    int channels = shape(name, 1)[0];
    CheckpointTensor gamma = sized(name + ".weight", channels);
    CheckpointTensor variance = sized(name + ".running_var", channels);
    CheckpointTensor beta = sized(name + ".bias", channels);
    CheckpointTensor mean = sized(name + ".running_mean", channels);
    Supplier<float[]> scaled =
        () -> {
          float[] g = checkpoint.values(gamma).clone();
          float[] v = checkpoint.values(variance);
          for (int i = 0; i < g.length; i++) {
            g[i] *= (float) Math.sqrt((v[i] + EPSILON) / (v[i] + epsilon));
          }
          return g;
        };
    add(layer, layer, "gamma", scaled, channels);
    add(layer, layer, "beta", () -> checkpoint.values(beta), channels);
    add(layer, layer, "moving_mean", () -> checkpoint.values(mean), channels);
    add(layer, layer, "moving_variance", () -> checkpoint.values(variance), channels);
  }

  /** The normalization that changes nothing, where the others have none. */
  void identityNorm(String layer, int channels) {
    add(layer, layer, "gamma", () -> filled(channels, 1), channels);
    add(layer, layer, "beta", () -> filled(channels, 0), channels);
    add(layer, layer, "moving_mean", () -> filled(channels, 0), channels);
    add(layer, layer, "moving_variance", () -> filled(channels, 1 - EPSILON), channels);
  }

  /** The 1x1 convolution that changes nothing. */
  void identityConv(String layer, int channels) {
    Supplier<float[]> kernel =
        () -> {
          float[] values = new float[channels * channels];
          for (int i = 0; i < channels; i++) {
            values[i * channels + i] = 1;
          }
          return values;
        };
    add(layer, layer, "kernel", kernel, 1, 1, channels, channels);
    add(layer, layer, "bias", () -> filled(channels, 0), channels);
  }

  UserError refused(String expected, String found) {
    return new UserError("%s: expected %s, found %s".formatted(file, expected, found));
  }

  private void bias(String group, String layer, String name, ChannelMap rows, int size) {
    boolean has = checkpoint.tensors().containsKey(name + ".bias");
    CheckpointTensor bias = has ? sized(name + ".bias", size) : null;
    Supplier<float[]> values =
        () -> has ? rows.of(checkpoint.values(bias), 1) : new float[rows.count()];
    add(group, layer, "bias", values, rows.count());
  }

  private float[] weight(String name, ChannelMap rows, int rowSize) {
    return rows.of(checkpoint.values(tensor(name + ".weight")), rowSize);
  }

  private CheckpointTensor sized(String name, int size) {
    CheckpointTensor tensor = tensor(name);
    if (!tensor.shape().equals(List.of((long) size))) {
      throw refused("%s of %d values".formatted(name, size), "shape " + tensor.shape());
    }
    return tensor;
  }

  private CheckpointTensor tensor(String name) {
    CheckpointTensor tensor = checkpoint.tensors().get(name);
    if (tensor == null) {
      throw refused("a tensor " + name, "none");
    }
    used.add(name);
    return tensor;
  }

  private void add(
      String group, String layer, String part, Supplier<float[]> values, long... shape) {
    StoredArray array =
        new StoredArray(group, layer, part, StoredArray.list(shape), layer + "/" + part);
    pieces.add(new Piece(array, values));
  }

  private static float[] filled(int count, double value) {
    float[] values = new float[count];
    Arrays.fill(values, (float) value);
    return values;
  }
}
