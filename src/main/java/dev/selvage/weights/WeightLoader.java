package dev.selvage.weights;

import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Loads the arrays of a file into the parameters of the same name. */
public final class WeightLoader {
  /** The layers whose last dimension counts the classes. */
  private static final Set<String> CLASS_HEADS =
      Set.of("mrcnn_class_logits", "mrcnn_bbox_fc", "mrcnn_mask");

  private final Path file;
  private final WeightSource source;
  private final Parameters parameters;
  private final boolean skipOtherClassCount;
  private final Map<Parameter, StoredArray> matched = new LinkedHashMap<>();
  private final Map<String, String> skipped = new LinkedHashMap<>();

  private WeightLoader(
      Path file, WeightSource source, Parameters parameters, boolean skipOtherClassCount) {
    this.file = file;
    this.source = source;
    this.parameters = parameters;
    this.skipOtherClassCount = skipOtherClassCount;
  }

  /**
   * Checks all names and shapes before it changes the first parameter.
   *
   * @throws UserError if a shape differs, no name fits, or a value is one that no model computes
   *     with (NaN, infinite, a negative variance); in the last case the parameters have changed
   */
  public static LoadReport load(
      Path file, WeightSource source, Parameters parameters, boolean skipOtherClassCount) {
    WeightLoader loader = new WeightLoader(file, source, parameters, skipOtherClassCount);
    source.arrays().forEach(loader::match);
    return loader.finish();
  }

  private void match(StoredArray array) {
    if (!parameters.contains(array.name())) {
      skipped.put(array.name(), "the model has no such layer");
      return;
    }
    Parameter parameter = parameters.get(array.name());
    List<Long> expected = StoredArray.list(parameter.shape());
    if (expected.equals(array.shape())) {
      if (matched.put(parameter, array) != null) {
        throw new UserError("%s: expected one array %s, found two".formatted(file, array.name()));
      }
    } else if (CLASS_HEADS.contains(array.layer()) && differInLast(expected, array.shape())) {
      skipClasses(array, expected);
    } else {
      throw new UserError(
          "%s: expected layer %s with a %s of shape %s, found %s"
              .formatted(file, array.layer(), array.part(), expected, array.shape()));
    }
  }

  private void skipClasses(StoredArray array, List<Long> expected) {
    int columns = array.layer().equals("mrcnn_bbox_fc") ? 4 : 1;
    long found = last(array.shape()) / columns;
    long wanted = last(expected) / columns;
    if (!skipOtherClassCount) {
      throw new UserError(
          "%s: expected weights for the model's %d classes, found weights for %d classes (layer %s)"
              .formatted(file, wanted, found, array.layer()));
    }
    skipped.put(array.name(), "%d classes in the file, %d in the model".formatted(found, wanted));
  }

  private LoadReport finish() {
    if (matched.isEmpty()) {
      throw new UserError(
          "%s: expected layers of the model such as %s, found %s"
              .formatted(
                  file,
                  parameters.list().get(0).layer(),
                  source.arrays().isEmpty() ? "none" : source.arrays().get(0).layer()));
    }
    ValueCheck check = new ValueCheck(file);
    matched.forEach(
        (parameter, array) -> {
          float[] values = source.values(array);
          check.add(array, values);
          parameter.upload(values);
        });
    check.requireGood();
    List<String> loaded = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (Parameter parameter : parameters.list()) {
      if (matched.containsKey(parameter)) {
        loaded.add(parameter.name());
      } else if (!skipped.containsKey(parameter.name())) {
        missing.add(parameter.name());
      }
    }
    return new LoadReport(loaded, skipped, missing);
  }

  private static boolean differInLast(List<Long> a, List<Long> b) {
    return a.size() == b.size() && a.subList(0, a.size() - 1).equals(b.subList(0, b.size() - 1));
  }

  private static long last(List<Long> shape) {
    return shape.get(shape.size() - 1);
  }
}
