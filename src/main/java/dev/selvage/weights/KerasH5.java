package dev.selvage.weights;

import dev.selvage.UserError;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Keras' weight file, opened for reading. */
final class KerasH5 implements WeightSource {
  private final Path file;
  private final HdfFile hdf;
  private final Group root;
  private final List<StoredArray> arrays = new ArrayList<>();

  /**
   * @throws UserError if there is no such file or it is no weight file of Keras
   */
  KerasH5(Path file) {
    this.file = file;
    if (!Files.isRegularFile(file)) {
      throw new UserError("%s: expected a weight file, found none".formatted(file));
    }
    Hdf5Extent.check(file);
    hdf = guarded(() -> new HdfFile(file));
    try {
      root = guarded(this::findRoot);
      guarded(this::index);
    } catch (UserError e) {
      hdf.close();
      throw e;
    }
  }

  private Group findRoot() {
    boolean plain = hasNames(hdf, "layer_names");
    Node nested = plain ? null : hdf.getChild("model_weights");
    if (nested instanceof Group group && hasNames(group, "layer_names")) {
      return group;
    }
    if (!plain) {
      throw new UserError(
          "%s: expected a weight file of Keras with the attribute layer_names, found %s"
              .formatted(file, hdf.getChildren().keySet().stream().limit(5).toList()));
    }
    return hdf;
  }

  private Void index() {
    for (String layer : names(root, "layer_names")) {
      Node node = root.getChild(layer);
      if (!(node instanceof Group group)) {
        throw new UserError(
            "%s: expected a group for layer %s of layer_names, found none".formatted(file, layer));
      }
      if (hasNames(group, "weight_names")) {
        index(layer, group, names(group, "weight_names"));
      }
    }
    return null;
  }

  private void index(String layer, Group group, List<String> weights) {
    List<KerasNames.Name> names = KerasNames.of(layer, weights);
    for (int i = 0; i < weights.size(); i++) {
      Node node = group.getByPath(weights.get(i));
      if (!(node instanceof Dataset dataset)) {
        throw new UserError(
            "%s: expected an array %s in layer %s, found none"
                .formatted(file, weights.get(i), layer));
      }
      List<Long> shape = StoredArray.list(dataset.getDimensionsAsLong());
      String path = layer + "/" + weights.get(i);
      arrays.add(new StoredArray(layer, names.get(i).layer(), names.get(i).part(), shape, path));
    }
  }

  /** Keras splits an attribute of more than 64 KB: layer_names0, layer_names1 and so on. */
  private static boolean hasNames(Node node, String attribute) {
    return node.getAttributes().containsKey(attribute)
        || node.getAttributes().containsKey(attribute + "0");
  }

  private List<String> names(Node node, String attribute) {
    if (node.getAttributes().containsKey(attribute)) {
      return strings(node.getAttribute(attribute));
    }
    List<String> all = new ArrayList<>();
    for (int i = 0; node.getAttributes().containsKey(attribute + i); i++) {
      all.addAll(strings(node.getAttribute(attribute + i)));
    }
    return all;
  }

  private List<String> strings(Attribute attribute) {
    if (attribute.isEmpty() || attribute.getSize() == 0) {
      return List.of();
    }
    Object data = attribute.getData();
    if (data instanceof String[] texts) {
      return Arrays.asList(texts);
    }
    throw new UserError(
        "%s: expected names in attribute %s, found %s"
            .formatted(file, attribute.getName(), attribute.getJavaType().getSimpleName()));
  }

  @Override
  public String format() {
    return "Keras HDF5";
  }

  @Override
  public List<StoredArray> arrays() {
    return List.copyOf(arrays);
  }

  @Override
  public float[] values(StoredArray array) {
    Object data = guarded(() -> flat(root.getDatasetByPath(array.path())));
    float[] values;
    if (data instanceof float[] floats) {
      values = floats;
    } else if (data instanceof double[] doubles) {
      values = new float[doubles.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) doubles[i];
      }
    } else {
      throw new UserError(
          "%s: expected floating-point numbers in %s, found %s"
              .formatted(file, array.path(), data.getClass().getComponentType()));
    }
    if (values.length != array.size()) {
      throw new UserError(
          "%s: expected %d values in %s, found %d"
              .formatted(file, array.size(), array.path(), values.length));
    }
    return values;
  }

  private static Object flat(Dataset dataset) {
    Object data = dataset.isScalar() ? dataset.getData() : dataset.getDataFlat();
    return data instanceof Float value
        ? new float[] {value}
        : data instanceof Double value ? new double[] {value} : data;
  }

  /** jHDF meets bytes that make no sense with whatever comes to it. */
  private <T> T guarded(Supplier<T> body) {
    try {
      return body.get();
    } catch (UserError e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new UserError(
          "%s: expected an HDF5 file of Keras weights, found a damaged one (%s)"
              .formatted(file, reason(e)),
          e);
    }
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.replaceAll("\\s+", " ");
  }

  @Override
  public void close() {
    hdf.close();
  }
}
