package dev.selvage.weights.keras;

import dev.selvage.util.UserError;
import dev.selvage.weights.StoredArray;
import dev.selvage.weights.WeightSource;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Keras' weight file, opened for reading. The file is mapped into memory: jHDF checks the bounds of
 * a buffer, but from a channel it would read as many bytes as a damaged file claims.
 */
public final class KerasH5 implements WeightSource {
  private final Path file;
  private final HdfFile hdf;
  private final Group root;
  private final List<StoredArray> arrays = new ArrayList<>();
  private final Map<String, String> texts;

  /**
   * @param bytes of the whole file
   * @throws UserError if it is no weight file of Keras
   */
  public KerasH5(Path file, ByteBuffer bytes) {
    this.file = file;
    Hdf5Superblock.check(file, bytes);
    hdf = guarded(() -> Hdf5Budget.open(bytes));
    root = guarded(this::findRoot);
    guarded(this::index);
    texts = guarded(() -> KerasTexts.of(file, hdf));
  }

  private Group findRoot() {
    Group found = hdf;
    if (!hasNames(hdf, "layer_names")) {
      if (hdf.getChild("model_weights") instanceof Group group && hasNames(group, "layer_names")) {
        found = group;
      } else if (hdf.getChild("layers") != null) {
        throw new UserError(
            "%s: expected Keras' HDF5 layout with the attribute layer_names, found Keras 3's *.weights.h5, which does not keep the layers' names"
                .formatted(file));
      } else {
        throw new UserError(
            "%s: expected a weight file of Keras with the attribute layer_names, found an HDF5 file with %s"
                .formatted(file, hdf.getChildren().keySet().stream().limit(5).toList()));
      }
    }
    Attribute backend = found.getAttributes().get("backend");
    if (backend != null && "theano".equals(backend.getData())) {
      throw new UserError(
          "%s: expected kernels of the tensorflow backend, found theano's, which are mirrored"
              .formatted(file));
    }
    return found;
  }

  private Void index() {
    for (String layer : names(root, "layer_names")) {
      if (!(root.getChild(layer) instanceof Group group)) {
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
      String path = layer + "/" + weights.get(i);
      StoredArray array =
          new StoredArray(
              layer,
              names.get(i).layer(),
              names.get(i).part(),
              StoredArray.list(dataset(path).getDimensionsAsLong()),
              path);
      arrays.add(array);
    }
  }

  /** Follows groups only: a link may lead anywhere. */
  private Dataset dataset(String path) {
    Node node = root;
    for (String name : path.split("/")) {
      node = node instanceof Group group ? group.getChild(name) : null;
    }
    if (node instanceof Dataset dataset) {
      return dataset;
    }
    throw new UserError(
        "%s: expected the array %s of weight_names, found %s"
            .formatted(file, path, node == null ? "none" : node.isLink() ? "a link" : "a group"));
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
  public Map<String, String> texts() {
    return texts;
  }

  @Override
  public float[] values(StoredArray array) {
    Object data = guarded(() -> flat(dataset(array.path())));
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

  /** jHDF throws exceptions of many types for invalid bytes; turns them into a UserError. */
  private <T> T guarded(Supplier<T> body) {
    try {
      return body.get();
    } catch (UserError e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new UserError(
          "%s: expected an HDF5 file of Keras weights, found one that cannot be read (%s)"
              .formatted(file, reason(e)),
          e);
    }
  }

  private static String reason(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof Hdf5Budget.Exceeded) {
        return cause.getMessage();
      }
    }
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.replaceAll("\\s+", " ");
  }

  @Override
  public void close() {
    hdf.close();
  }
}
