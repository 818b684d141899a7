package dev.selvage.weights;

import dev.selvage.UserError;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weight files of Keras' {@code Model.save_weights}: a group a layer in HDF5, its attribute
 * {@code weight_names} the names of its arrays, the root's {@code layer_names} the layers' order.
 * Matterport's code loads what is saved here, by name; layers without weights are left out.
 */
public final class KerasFile {
  /** The version whose layouts the arrays have; older ones make Keras convert them. */
  private static final String KERAS_VERSION = "2.0.8";

  /** What fits into an attribute; Keras splits longer ones at the same size. */
  private static final int ATTRIBUTE_LIMIT = 64512;

  private KerasFile() {}

  /**
   * Saves all parameters, beside the target first, and renames. Needs heap for one array.
   *
   * @throws UserError if the file cannot be written; an older one is still there then
   */
  public static void save(Path file, Parameters parameters) {
    Path partial = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (Hdf5Writer writer = new Hdf5Writer(partial)) {
        write(writer, parameters);
      }
      Files.move(
          partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      deleteQuietly(partial);
      throw new UserError(
          "%s: expected to write %d weights there, found it cannot be written (%s)"
              .formatted(
                  file, parameters.list().stream().mapToLong(Parameter::size).sum(), reason(e)),
          e);
    }
  }

  /**
   * Loads by name what the model and the file have in common.
   *
   * @param skipOtherClassCount whether heads for another number of classes are left as they are and
   *     reported, rather than refused
   * @throws UserError if the file is missing, damaged, no weight file, has a layer of another
   *     shape, or none of the model's layers; the parameters are unchanged unless its data are
   *     damaged
   */
  public static LoadReport load(Path file, Parameters parameters, boolean skipOtherClassCount) {
    try (WeightSource source = new KerasH5(file)) {
      return WeightLoader.load(source, parameters, skipOtherClassCount);
    }
  }

  private static void write(Hdf5Writer writer, Parameters parameters) throws IOException {
    Map<String, List<Parameter>> groups = new LinkedHashMap<>();
    for (Parameter p : parameters.list()) {
      groups.computeIfAbsent(p.group(), g -> new ArrayList<>()).add(p);
    }
    Map<String, Long> addresses = new LinkedHashMap<>();
    for (Map.Entry<String, List<Parameter>> group : groups.entrySet()) {
      addresses.put(group.getKey(), writeGroup(writer, group.getValue()));
    }
    List<Hdf5Message> attributes = names("layer_names", List.copyOf(groups.keySet()));
    attributes.add(Hdf5Message.attribute("backend", "tensorflow"));
    attributes.add(Hdf5Message.attribute("keras_version", KERAS_VERSION));
    writer.finish(link(writer, addresses, attributes));
  }

  /** group / layer / part, the layer's name once more because the arrays' names have a slash. */
  private static long writeGroup(Hdf5Writer writer, List<Parameter> members) throws IOException {
    Map<String, Map<String, Long>> layers = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    for (Parameter p : members) {
      long address = writer.dataset(p.download(), p.shape());
      layers.computeIfAbsent(p.layer(), l -> new LinkedHashMap<>()).put(p.part() + ":0", address);
      names.add(p.name() + ":0");
    }
    Map<String, Long> addresses = new LinkedHashMap<>();
    for (Map.Entry<String, Map<String, Long>> layer : layers.entrySet()) {
      addresses.put(layer.getKey(), link(writer, layer.getValue(), List.of()));
    }
    return link(writer, addresses, names("weight_names", names));
  }

  private static long link(
      Hdf5Writer writer, Map<String, Long> children, List<Hdf5Message> attributes)
      throws IOException {
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

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The first failure is the one to report.
    }
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
