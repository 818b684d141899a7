package dev.selvage.weights.keras;

import dev.selvage.util.AtomicFile;
import dev.selvage.weights.StoredArray;
import dev.selvage.weights.WeightSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes arrays as {@code Model.save_weights} does: one HDF5 group per layer, whose attribute
 * {@code weight_names} lists its arrays; the attribute {@code layer_names} of the root gives the
 * order of the layers.
 */
public final class KerasWriter {
  /** The version whose layouts the arrays have; older ones make Keras convert them. */
  private static final String KERAS_VERSION = "2.0.8";

  /** What fits into an attribute; Keras splits longer ones at the same size. */
  private static final int ATTRIBUTE_LIMIT = 64512;

  private final Hdf5Writer writer;
  private final WeightSource source;

  private KerasWriter(Hdf5Writer writer, WeightSource source) {
    this.writer = writer;
    this.source = source;
  }

  /**
   * Writes all arrays of a source to a temporary file next to the target, which is then renamed.
   *
   * @throws dev.selvage.util.UserError if the file cannot be written; an older one is still there
   *     then
   */
  public static void write(Path file, WeightSource source) {
    AtomicFile.write(file, channel -> new KerasWriter(new Hdf5Writer(channel), source).write());
  }

  private void write() throws IOException {
    Map<String, List<StoredArray>> groups = new LinkedHashMap<>();
    for (StoredArray array : source.arrays()) {
      groups.computeIfAbsent(array.group(), g -> new ArrayList<>()).add(array);
    }
    Map<String, Long> addresses = new LinkedHashMap<>();
    for (Map.Entry<String, List<StoredArray>> group : groups.entrySet()) {
      addresses.put(group.getKey(), writeGroup(group.getValue()));
    }
    List<Hdf5Message> attributes = names("layer_names", List.copyOf(groups.keySet()));
    attributes.add(Hdf5Message.attribute("backend", "tensorflow"));
    attributes.add(Hdf5Message.attribute("keras_version", KERAS_VERSION));
    source.texts().forEach((name, text) -> attributes.addAll(KerasTexts.attributes(name, text)));
    writer.finish(link(addresses, attributes));
  }

  /** group / layer / part, the layer's name once more because the arrays' names have a slash. */
  private long writeGroup(List<StoredArray> members) throws IOException {
    Map<String, Map<String, Long>> layers = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    for (StoredArray a : members) {
      long address = writer.dataset(source.values(a), a.dims());
      layers.computeIfAbsent(a.layer(), l -> new LinkedHashMap<>()).put(a.part() + ":0", address);
      names.add(a.name() + ":0");
    }
    Map<String, Long> addresses = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, Long>> layer : layers.entrySet()) {
      addresses.put(layer.getKey(), link(layer.getValue(), List.of()));
    }
    return link(addresses, names("weight_names", names));
  }

  private long link(Map<String, Long> children, List<Hdf5Message> attributes) throws IOException {
    List<Hdf5Message> messages = new ArrayList<>();
    messages.add(Hdf5Message.linkInfo());
    messages.add(Hdf5Message.groupInfo());
    children.forEach((name, address) -> messages.add(Hdf5Message.link(name, address)));
    messages.addAll(attributes);
    return writer.object(messages);
  }

  /** One attribute, or as many as Keras makes of it. */
  private static List<Hdf5Message> names(String attribute, List<String> names) {
    int width =
        names.stream().mapToInt(n -> n.getBytes(StandardCharsets.UTF_8).length).max().orElse(1);
    int each = Math.max(1, ATTRIBUTE_LIMIT / width);
    int count = (names.size() + each - 1) / each;
    List<Hdf5Message> messages = new ArrayList<>();
    if (count <= 1) {
      messages.add(Hdf5Message.attribute(attribute, names));
    } else {
      for (int i = 0; i < count; i++) {
        messages.add(
            Hdf5Message.attribute(
                attribute + i, names.subList(i * each, Math.min(names.size(), (i + 1) * each))));
      }
    }
    return messages;
  }
}
