package dev.selvage.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds layer and part in Keras' weight names. Keras loads by the layer's group and the order in
 * it, so the names themselves vary: {@code conv1/kernel:0}, {@code conv1_1/kernel:0} where the
 * graph was built twice in a process, {@code rpn_model/rpn_conv_shared/kernel:0} in nested models.
 */
final class KerasNames {
  private static final Pattern SUFFIX = Pattern.compile("_\\d+$");

  /** A layer's name and the array's name in it. */
  record Name(String layer, String part) {}

  private KerasNames() {}

  /**
   * Layers and parts of the weights of one group, in their order. A group of one layer gives its
   * name to it; in a nested model the layers keep theirs, less a suffix that all of them have.
   */
  static List<Name> of(String group, List<String> weights) {
    List<Name> names = new ArrayList<>();
    for (String weight : weights) {
      String path = weight.replaceFirst(":\\d+$", "");
      int slash = path.lastIndexOf('/');
      String part = path.substring(slash + 1);
      String layer =
          slash < 0 ? group : path.substring(path.lastIndexOf('/', slash - 1) + 1, slash);
      names.add(new Name(layer, part));
    }
    boolean one = names.stream().map(Name::layer).distinct().count() == 1;
    boolean suffixed = names.stream().allMatch(n -> SUFFIX.matcher(n.layer()).find());
    return names.stream()
        .map(
            n ->
                new Name(
                    one ? group : suffixed ? SUFFIX.matcher(n.layer()).replaceFirst("") : n.layer(),
                    n.part()))
        .toList();
  }
}
