package dev.selvage.spark;

import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.image.UnusablePhoto;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.LoadedViews;
import dev.selvage.predict.Predictor;
import dev.selvage.runtime.ComputeThread;
import dev.selvage.runtime.Native;
import dev.selvage.runtime.NativeException;
import dev.selvage.runtime.NativeLibraries;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The model of an executor, which all its tasks share. One thread computes their photos one by one,
 * with as many cores as the tasks have together: then a photo's result depends on nothing but the
 * photo. A model stays in memory until another one is needed.
 */
final class SharedModel {
  static {
    NativeLibraries.liftMemoryLimits();
  }

  private static final Map<ModelPlan, SharedModel> LOADED = new HashMap<>();

  /** Cores of the tasks that run. */
  private static int cores;

  private final List<Category> categories;
  private final List<Parameters> parameters = new ArrayList<>();
  private final Predictor predictor;

  /** Tasks and photos that need it. */
  private int users;

  private SharedModel(ModelPlan plan, List<Path> files) {
    categories = plan.categories();
    try {
      predictor = plan.load(files, parameters);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Loads the model where it is not yet loaded, and keeps it until {@link #leave}.
   *
   * @param weights its files
   * @param cpus cores of the task
   * @throws UserError it cannot be loaded
   */
  static synchronized SharedModel enter(ModelPlan plan, List<BroadcastFile> weights, int cpus) {
    SharedModel model = LOADED.get(plan);
    if (model == null) {
      NativeLibraries.COMPUTE.unpack();
      NativeLibraries.PHOTOS.unpack();
      model = load(plan, weights);
    }
    model.users++;
    useCores(cpus);
    return model;
  }

  /** From files that are there no longer than this takes. */
  private static SharedModel load(ModelPlan plan, List<BroadcastFile> weights) {
    List<Path> files = new ArrayList<>();
    try {
      Path folder = Files.createTempDirectory("selvage-weights-");
      try {
        for (BroadcastFile file : weights) {
          files.add(folder.resolve(files.size() + ".h5"));
          file.write(files.get(files.size() - 1));
        }
        return compute(() -> replaceUnused(plan, files));
      } finally {
        for (Path file : files) {
          Files.deleteIfExists(file);
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UserError(
          "expected a folder for temporary files, found that %s cannot be used (%s)"
              .formatted(System.getProperty("java.io.tmpdir"), e),
          e);
    }
  }

  private static SharedModel replaceUnused(ModelPlan plan, List<Path> files) {
    LOADED.values().removeIf(SharedModel::closeIfUnused);
    SharedModel model = new SharedModel(plan, files);
    LOADED.put(plan, model);
    return model;
  }

  private boolean closeIfUnused() {
    if (users == 0) {
      close();
    }
    return users == 0;
  }

  /** The task ends; some of its photos may still be in work. */
  static synchronized void leave(SharedModel model, int cpus) {
    model.users--;
    useCores(-cpus);
  }

  private static void useCores(int more) {
    cores += more;
    if (cores > 0) {
      int threads = cores;
      compute(
          () -> {
            Native.setThreads(threads);
            return threads;
          });
    }
  }

  /** Keeps the model for a photo, whose task may end before it. */
  static synchronized void hold(SharedModel model) {
    model.users++;
  }

  /** The photo is done. */
  static synchronized void release(SharedModel model) {
    model.users--;
  }

  /** In class order. */
  List<Category> categories() {
    return categories;
  }

  /**
   * What is found in a photo, highest score first. Any thread may call this.
   *
   * @param file the bytes of the photo's file
   * @throws UnusablePhoto it cannot be decoded
   */
  List<Detection> find(byte[] file) throws UnusablePhoto {
    try (LoadedViews photo = predictor.loadViews(predictor.photo(file))) {
      return compute(() -> predictor.compute(photo)).get();
    }
  }

  private static <T> T compute(Supplier<T> task) {
    try {
      return ComputeThread.call(task);
    } catch (NativeException e) {
      throw DeviceOptions.report(e);
    }
  }

  private void close() {
    parameters.forEach(Parameters::close);
  }
}
