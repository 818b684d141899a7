package dev.selvage.weights.keras;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds layer and part in Keras' weight names. Keras loads by the layer's group and the order in
 * it, so the names themselves vary: {@code conv1/kernel:0}, {@code conv1_1/kernel:0} where the
 * graph was built twice in a process, {@code rpn_model/rpn_conv_shared/kernel:0} in nested models,
 * {@code mrcnn_mask_conv1/conv2d/kernel:0} where one layer wraps another, {@code conv1_W_1:0} in
 * Keras 1.
 */
final class KerasNames {
  private static final Pattern SUFFIX = Pattern.compile("_\\d+$");

  /** How Keras 1 named a layer's arrays, and with them the ResNet that Matterport starts from. */
  private static final Pattern KERAS_1 =
      Pattern.compile("(.+)_(W|b|gamma|beta|running_mean|running_std)(_\\d+)?");

  /** Its running_std held the variance already. */
  private static final Map<String, String> KERAS_1_PARTS =
      Map.of(
          "W", "kernel",
          "b", "bias",
          "running_mean", "moving_mean",
          "running_std", "moving_variance");

  /** A layer's name and the array's name in it. */
  record Name(String layer, String part) {}

  private KerasNames() {}

  /**
   * Layers and parts of the weights of one group, in their order. A group of one layer gives its
   * name to it; in a nested model the layers keep theirs, less a suffix that all of them share.
   */
  static List<Name> of(String group, List<String> weights) {
    List<Name> names = new ArrayList<>();
    boolean namesGroup = true;
    for (String weight : weights) {
      String[] path = path(weight);
      int last = path.length - 1;
      names.add(new Name(last == 0 ? group : path[last - 1], path[last]));
      namesGroup &= last == 0 || Arrays.stream(path, 0, last).anyMatch(p -> isNamed(p, group));
    }
    boolean single = names.stream().map(Name::layer).distinct().count() == 1;
    if (single && namesGroup) {
      return names.stream().map(n -> new Name(group, n.part())).toList();
    }
    List<String> suffixes = names.stream().map(n -> suffix(n.layer())).distinct().toList();
    return suffixes.size() == 1
        ? names.stream().map(n -> new Name(withoutSuffix(n.layer()), n.part())).toList()
        : names;
  }

  private static String[] path(String weight) {
    String name = weight.replaceFirst(":\\d+$", "");
    Matcher old = KERAS_1.matcher(name);
    if (name.indexOf('/') < 0 && old.matches()) {
      String part = old.group(2);
      return new String[] {old.group(1), KERAS_1_PARTS.getOrDefault(part, part)};
    }
    return name.split("/");
  }

  private static boolean isNamed(String scope, String group) {
    return scope.equals(group) || withoutSuffix(scope).equals(group);
  }

  private static String suffix(String layer) {
    return layer.substring(withoutSuffix(layer).length());
  }

  private static String withoutSuffix(String layer) {
    return SUFFIX.matcher(layer).replaceFirst("");
  }
}
