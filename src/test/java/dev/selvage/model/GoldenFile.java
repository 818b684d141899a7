package dev.selvage.model;

import dev.selvage.config.Config;
import dev.selvage.data.loader.GroundTruth;
import dev.selvage.data.loader.RpnTargets;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.nn.ParameterSpec.Kind;
import dev.selvage.nn.Parameters;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.exceptions.HdfInvalidPathException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Inputs and outputs of the float64 reference model. Its weights are not stored: they follow from
 * the layers' names.
 */
final class GoldenFile implements AutoCloseable {
  private static final Map<String, Double> GAINS =
      Map.of(
          "fpn_c2p2", 0.15,
          "fpn_c3p3", 0.1,
          "fpn_c4p4", 0.05,
          "fpn_c5p5", 0.04,
          "rpn_class_raw", 1.0,
          "rpn_bbox_pred", 0.3,
          "mrcnn_class_logits", 2.5,
          "mrcnn_bbox_fc", 0.5);

  private final HdfFile file;
  final int size;
  final int batch;
  final long salt;
  final String backbone;

  GoldenFile(Path path) {
    file = new HdfFile(path);
    size = ((Number) attribute("size")).intValue();
    batch = ((Number) attribute("batch")).intValue();
    salt = ((Number) attribute("salt")).longValue();
    backbone = (String) attribute("backbone");
  }

  private Object attribute(String name) {
    return file.getAttribute(name).getData();
  }

  Config config() {
    Config config =
        Config.defaults()
            .with("BACKBONE", backbone)
            .with("NUM_CLASSES", ((Number) attribute("classes")).intValue())
            .with("RPN_ANCHOR_SCALES", Numbers.ints(attribute("scales")))
            .with("POST_NMS_ROIS_TRAINING", 200)
            .with("POST_NMS_ROIS_INFERENCE", 200)
            .with("TRAIN_ROIS_PER_IMAGE", 32)
            .with("DETECTION_MIN_CONFIDENCE", 0);
    return config;
  }

  boolean has(String path) {
    try {
      file.getDatasetByPath(path);
      return true;
    } catch (HdfInvalidPathException e) {
      return false;
    }
  }

  double[] doubles(String path) {
    Dataset dataset = file.getDatasetByPath(path);
    Object data = dataset.isScalar() ? dataset.getData() : dataset.getDataFlat();
    if (data instanceof Number number) {
      return new double[] {number.doubleValue()};
    }
    if (data instanceof double[] values) {
      return values;
    }
    if (data instanceof float[] values) {
      return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
    if (data instanceof long[] values) {
      return Arrays.stream(values).asDoubleStream().toArray();
    }
    int[] ints = Numbers.ints(data);
    return Arrays.stream(ints).asDoubleStream().toArray();
  }

  float[] floats(String path) {
    double[] values = doubles(path);
    float[] out = new float[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) values[i];
    }
    return out;
  }

  int[] ints(String path) {
    return Arrays.stream(doubles(path)).mapToInt(v -> (int) v).toArray();
  }

  GroundTruth[] truths() {
    return IntStream.range(0, batch)
        .mapToObj(
            i -> {
              int[] masks = ints("gt/" + i + "/minimasks");
              byte[] bytes = new byte[masks.length];
              for (int k = 0; k < bytes.length; k++) {
                bytes[k] = (byte) masks[k];
              }
              return new GroundTruth(
                  ints("gt/" + i + "/ids"), floats("gt/" + i + "/boxes"), bytes, 56, 56);
            })
        .toArray(GroundTruth[]::new);
  }

  RpnTargets[] rpnTargets() {
    int[] match = ints("targets/rpn_match");
    double[] deltas = doubles("targets/rpn_bbox");
    int anchors = match.length / batch;
    return IntStream.range(0, batch)
        .mapToObj(
            n -> {
              int[] positives =
                  IntStream.range(0, anchors).filter(a -> match[n * anchors + a] == 1).toArray();
              int[] negatives =
                  IntStream.range(0, anchors).filter(a -> match[n * anchors + a] == -1).toArray();
              float[] chosen = new float[4 * positives.length];
              for (int i = 0; i < chosen.length; i++) {
                chosen[i] = (float) deltas[4 * (n * anchors + positives[i / 4]) + i % 4];
              }
              return new RpnTargets(positives, negatives, chosen);
            })
        .toArray(RpnTargets[]::new);
  }

  /** The proposals that the detection targets are made from, [N,count,4]. */
  float[] targetProposals() {
    float[][] images = new float[batch][];
    for (int i = 0; i < batch; i++) {
      images[i] = floats("gt/" + i + "/target_proposals");
    }
    float[] all = new float[batch * images[0].length];
    for (int i = 0; i < batch; i++) {
      System.arraycopy(images[i], 0, all, i * images[0].length, images[0].length);
    }
    return all;
  }

  void fillWeights(Parameters parameters) {
    for (Parameter parameter : parameters.list()) {
      parameter.upload(weights(parameter.spec()));
    }
  }

  private float[] weights(ParameterSpec spec) {
    float[] values = uniform(spec.name(), spec.size(), salt);
    float scale;
    float offset = 0f;
    switch (spec.part()) {
      case "gamma" -> {
        scale = 0.1f;
        offset = spec.layer().endsWith("2c") ? 0.25f : 1f;
      }
      case "beta", "moving_mean" -> scale = 0.05f;
      case "moving_variance" -> {
        scale = 0.5f;
        offset = 1f;
      }
      case "bias" -> scale = 0.02f;
      default -> {
        long fanIn = spec.kind() == Kind.DECONV ? spec.shape()[3] : spec.fanIn();
        scale = (float) (GAINS.getOrDefault(spec.layer(), 1.0) * Math.sqrt(6.0 / fanIn));
        if (spec.layer().equals("conv1")) {
          scale /= 64;
        }
      }
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = offset + scale * values[i];
    }
    return values;
  }

  /** splitmix64 over fnv1a64(name) + salt and the index; the top 24 bits as a number in [-1,1). */
  static float[] uniform(String name, long count, long salt) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ b) * 0x100000001b3L;
    }
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      long z = hash + salt + (i + 1) * 0x9e3779b97f4a7c15L;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      z ^= z >>> 31;
      values[i] = (float) ((z >>> 40) / (double) (1 << 24) * 2 - 1);
    }
    return values;
  }

  @Override
  public void close() {
    file.close();
  }

  /** Whole numbers of whatever width. */
  private static final class Numbers {
    static int[] ints(Object data) {
      if (data instanceof int[] values) {
        return values;
      }
      if (data instanceof long[] values) {
        return Arrays.stream(values).mapToInt(Math::toIntExact).toArray();
      }
      if (data instanceof byte[] values) {
        return IntStream.range(0, values.length).map(i -> values[i]).toArray();
      }
      throw new IllegalArgumentException("unexpected data " + data.getClass());
    }
  }
}
