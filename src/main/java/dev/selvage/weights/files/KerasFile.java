package dev.selvage.weights.files;

import dev.selvage.nn.Parameters;
import dev.selvage.util.UserError;
import dev.selvage.weights.LoadReport;
import dev.selvage.weights.ParameterSource;
import dev.selvage.weights.WeightLoader;
import dev.selvage.weights.WeightSource;
import dev.selvage.weights.keras.KerasWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * The weight files of Keras' {@code Model.save_weights}: one HDF5 group per layer, whose attribute
 * {@code weight_names} lists its arrays; the attribute {@code layer_names} of the root gives the
 * order of the layers. Matterport's code loads what is saved here, by name; layers without weights
 * are left out.
 */
public final class KerasFile {
  private KerasFile() {}

  /**
   * Saves all parameters to a temporary file next to the target, which is then renamed. Needs heap
   * for one array.
   *
   * @throws UserError if the file cannot be written; an older one is still there then
   */
  public static void save(Path file, Parameters parameters) {
    save(file, parameters, Map.of());
  }

  /**
   * The same with texts about the weights, by name, which Keras and Matterport ignore.
   *
   * @param texts in ASCII
   */
  public static void save(Path file, Parameters parameters, Map<String, String> texts) {
    KerasWriter.write(file, new ParameterSource(parameters, texts));
  }

  /**
   * What a file says about its weights.
   *
   * @throws UserError if it is missing, damaged or no weight file of Keras
   */
  public static WeightFiles.Origin origin(Path file) {
    try (WeightSource source = open(file)) {
      return WeightFiles.origin(source);
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
    try (WeightSource source = open(file)) {
      return WeightLoader.load(file, source, parameters, skipOtherClassCount);
    }
  }

  private static WeightSource open(Path file) {
    WeightSource source = WeightFiles.open(file);
    if (!source.settings().isEmpty()) {
      source.close();
      throw new UserError(
          "%s: expected an .h5 file of Keras weights, found %s; `weights %s --out OUT.h5` converts it"
              .formatted(file, source.format(), file));
    }
    return source;
  }
}
