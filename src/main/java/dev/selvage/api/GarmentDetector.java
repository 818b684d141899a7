package dev.selvage.api;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.Box;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.LoadedViews;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.SavedModel;
import dev.selvage.predict.WeightsOrigin;
import dev.selvage.run.RunFolder;
import dev.selvage.runtime.ComputeThread;
import dev.selvage.runtime.Native;
import dev.selvage.runtime.NativeLibraries;
import dev.selvage.tensor.DType;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Finds garments in photos with a trained model, on the CPU.
 *
 * <pre>{@code
 * try (GarmentDetector detector = GarmentDetector.load(Path.of("runs/street20261128T0900"))) {
 *   for (Garment garment : detector.detect(Path.of("photo.jpg"))) {
 *     System.out.println(garment.category() + " " + garment.score());
 *   }
 * }
 * }</pre>
 *
 * <p>Any thread may call any method. The model itself always computes on one internal thread of the
 * process, which all detectors share, because the native pool of threads takes one loop at a time.
 * So calls from several threads decode their photos at the same time and then wait for each other.
 * The model's memory lies outside the Java heap and is freed by {@link #close}.
 */
public final class GarmentDetector implements AutoCloseable {
  static {
    NativeLibraries.liftMemoryLimits();
  }

  private final Parameters parameters;
  private final Predictor predictor;
  private final List<Category> categories;

  /** Read and written by the compute thread only. */
  private boolean closed;

  private GarmentDetector(Parameters parameters, Predictor predictor, List<Category> categories) {
    this.parameters = parameters;
    this.predictor = predictor;
    this.categories = categories;
  }

  /**
   * Loads a model with the settings of its run: those of the {@code config.json} next to the file
   * or, where that is missing or of another run, those that Selvage wrote into the file.
   *
   * @param weights an {@code .h5} file, or the folder of a run, whose last complete epoch is taken
   * @throws UserError there is no such file, it is damaged, or there are no settings for it
   */
  public static GarmentDetector load(Path weights) {
    return builder().load(weights);
  }

  /** Options for {@link Builder#load}. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Finds the garments in one photo. It is turned as its EXIF says (EXIF_ORIENTATION), and boxes
   * and masks are in pixels of the turned photo.
   *
   * @param photo a JPEG, PNG, BMP, WebP, TIFF or GIF file
   * @return one entry per garment, highest score first
   * @throws UserError the file does not exist or cannot be decoded
   * @throws IllegalStateException the detector is closed
   */
  public List<Garment> detect(Path photo) {
    if (!Files.isRegularFile(photo)) {
      throw new UserError("%s: expected a photo, found no such file".formatted(photo));
    }
    PhotoSize size = predictor.photos().size(photo).orElseThrow(() -> undecodable(photo));
    try (LoadedViews views =
        predictor.loadViews(photo, size).orElseThrow(() -> undecodable(photo))) {
      Supplier<List<Detection>> found = ComputeThread.call(() -> compute(views));
      return found.get().stream().map(this::garment).toList();
    }
  }

  /** The names of the categories that the model knows, in class order. */
  public List<String> categories() {
    return categories.stream().map(Category::name).toList();
  }

  /** Frees the model's memory, after the photos that are being computed. */
  @Override
  public void close() {
    ComputeThread.call(
        () -> {
          closed = true;
          parameters.close();
          return null;
        });
  }

  private Supplier<List<Detection>> compute(LoadedViews photo) {
    if (closed) {
      throw new IllegalStateException("the detector is closed");
    }
    return predictor.compute(photo);
  }

  private Garment garment(Detection detection) {
    Box box = detection.box();
    return new Garment(
        categories.get(detection.classId() - 1).name(),
        detection.score(),
        new Garment.Box(box.x(), box.y(), box.width(), box.height()),
        new Mask(detection.mask()));
  }

  private static UserError undecodable(Path photo) {
    return new UserError(
        "%s: expected a photo, found a file that cannot be decoded".formatted(photo));
  }

  /** What a detector is loaded with. Each method returns the builder itself. */
  public static final class Builder {
    private String preset;
    private Path config;
    private final List<String> settings = new ArrayList<>();
    private int threads;

    private Builder() {}

    /**
     * Takes the settings from a preset instead of the weights' own, for weights that have none. For
     * {@code mask_rcnn_coco.h5} it is {@code coco}.
     */
    public Builder preset(String name) {
      preset = name;
      return this;
    }

    /** Takes the settings from a file instead of the weights' own, for weights that have none. */
    public Builder config(Path file) {
      config = file;
      return this;
    }

    /** Sets one key of the configuration, as {@code --set KEY=VALUE} does. */
    public Builder set(String key, String value) {
      settings.add(key + "=" + value);
      return this;
    }

    /**
     * Leaves out garments with a lower score (DETECTION_MIN_CONFIDENCE; default: that of the
     * model's settings).
     *
     * @param score in 0..1
     */
    public Builder minScore(double score) {
      return set("DETECTION_MIN_CONFIDENCE", Double.toString(score));
    }

    /**
     * The number of threads that the model computes with (default: one per processor). It holds for
     * the whole process: the detector that is loaded last decides.
     *
     * @param count 1 or more
     * @throws IllegalArgumentException the count is lower
     */
    public Builder threads(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("threads: expected 1 or more, found " + count);
      }
      threads = count;
      return this;
    }

    /**
     * Loads the model.
     *
     * @param weights an {@code .h5} file or the folder of a run, whose last complete epoch is taken
     * @throws UserError there is no such file, it is damaged or does not fit the settings, there
     *     are no settings for it, or the processor cannot compute in their PRECISION
     */
    public GarmentDetector load(Path weights) {
      NativeLibraries.COMPUTE.unpack();
      NativeLibraries.PHOTOS.unpack();
      Path file = Files.isDirectory(weights) ? lastEpoch(weights) : weights;
      if (!Files.isRegularFile(file)) {
        throw new UserError(
            "%s: expected a weight file or the folder of a run, found no such file"
                .formatted(weights));
      }
      WeightsOrigin origin = WeightsOrigin.of(file);
      Config read =
          preset == null && config == null
              ? origin.config(settings).orElseThrow(() -> withoutSettings(file))
              : explicit(origin);
      List<Category> categories = SavedModel.categories(read, origin.categories());
      return ComputeThread.call(() -> load(file, read, categories));
    }

    private Config explicit(WeightsOrigin origin) {
      Config read = ConfigReader.read(preset, config, settings);
      return origin.classes().isEmpty() || ConfigReader.names("NUM_CLASSES", config, settings)
          ? read
          : read.with("NUM_CLASSES", origin.classes().getAsInt());
    }

    private static UserError withoutSettings(Path weights) {
      return new UserError(
          "%s: expected the settings of its training in it or in a config.json next to it, found none; use preset(NAME) or config(FILE)"
              .formatted(weights));
    }

    private GarmentDetector load(Path file, Config read, List<Category> categories) {
      Native.setThreads(threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
      if (!DType.valueOf(read.PRECISION.name()).available()) {
        throw new UserError(
            "PRECISION: this processor cannot compute in %s; use set(\"PRECISION\", \"f32\")"
                .formatted(read.PRECISION.word()));
      }
      Parameters parameters = SavedModel.load(file, read);
      try {
        Predictor predictor =
            new Predictor(read, parameters, new Photos(read.EXIF_ORIENTATION, (photo, why) -> {}));
        return new GarmentDetector(parameters, predictor, categories);
      } catch (RuntimeException e) {
        parameters.close();
        throw e;
      }
    }

    private static Path lastEpoch(Path folder) {
      RunFolder run =
          RunFolder.open(folder)
              .orElseThrow(
                  () ->
                      new UserError(
                          "%s: expected a run's folder with config.json, found none"
                              .formatted(folder)));
      int epoch =
          run.lastComplete()
              .orElseThrow(
                  () ->
                      new UserError(
                          "%s: expected a run with a complete epoch, found none"
                              .formatted(folder)));
      return run.checkpoint(epoch);
    }
  }
}
