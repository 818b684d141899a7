package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.config.ResizeMode;
import dev.selvage.data.Detection;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.data.image.ResizedPhoto;
import dev.selvage.model.Candidates;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.RawDetections;
import dev.selvage.nn.Parameters;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Finds objects in photos, in three parts that may run on three threads: {@link #load} and {@link
 * #found} are thread-safe, {@link #detect} belongs to the one thread that computes.
 */
public final class Predictor {
  private final Config config;
  private final MaskRcnn model;
  private final Photos photos;
  private final RawChoice rawChoice;

  /** Empty where the settings alone choose. */
  private final Optional<DetectionRules> rules;

  /** Of the photos whose detections are made; 0 for the photos as they are. */
  private final int longerSide;

  /** The plain view first. */
  private final List<View> views;

  /**
   * A predictor that names photos which cannot be decoded on stderr.
   *
   * @param parameters stay the caller's
   * @throws UserError the configuration cannot be used for detection
   */
  public Predictor(Config config, Parameters parameters) {
    this(config, parameters, new Photos(config.EXIF_ORIENTATION));
  }

  /**
   * A predictor that reads its photos with a reader of the caller's.
   *
   * @param parameters stay the caller's
   * @throws UserError the configuration cannot be used for detection
   */
  public Predictor(Config config, Parameters parameters, Photos photos) {
    if (config.IMAGE_RESIZE_MODE == ResizeMode.CROP) {
      throw new UserError(
          "IMAGE_RESIZE_MODE: expected square, pad64 or none, found crop, which shows the model only"
              + " a part of each photo; add --set IMAGE_RESIZE_MODE=square");
    }
    this.config = config;
    this.photos = photos;
    model = new MaskRcnn(config, parameters);
    rawChoice = new RawChoice(config);
    rules = Optional.empty();
    longerSide = 0;
    views = List.of(View.PLAIN);
  }

  private Predictor(
      Predictor other, Optional<DetectionRules> rules, int longerSide, List<View> views) {
    config = other.config;
    photos = other.photos;
    model = other.model;
    rawChoice = other.rawChoice;
    this.rules = rules;
    this.longerSide = longerSide;
    this.views = List.copyOf(views);
  }

  /** A predictor with the same model and photos that chooses its detections by other rules. */
  public Predictor by(DetectionRules others) {
    return new Predictor(this, Optional.of(others), longerSide, views);
  }

  /** A predictor whose detections are on the photos with so many pixels on their longer side. */
  public Predictor withLongerSide(int pixels) {
    return new Predictor(this, rules, pixels, views);
  }

  /**
   * A predictor that merges what the model says about several views of each photo.
   *
   * @param others the plain view first
   */
  public Predictor over(List<View> others) {
    return new Predictor(this, rules, longerSide, others);
  }

  /** The reader of this predictor's photos. It reports each damaged photo once. */
  public Photos photos() {
    return photos;
  }

  /**
   * A photo as the model takes it; empty where it cannot be used.
   *
   * @param size as annotations state it, or else as {@link Photos#size} does
   */
  public Optional<ResizedPhoto> load(Path file, PhotoSize size) {
    return photos.resized(file, ResizePlan.of(config, size.height(), size.width(), null));
  }

  /** What the model says about one photo. */
  public RawDetections detect(ResizedPhoto photo) {
    ResizePlan plan = photo.plan();
    return model
        .detect(photo.rgb(), 1, plan.height(), plan.width(), new int[][] {plan.window()})
        .get(0);
  }

  /** All views of a photo; empty where it cannot be used. */
  Optional<LoadedViews> loadViews(Path file, PhotoSize size) {
    List<ResizedPhoto> loaded = new ArrayList<>();
    for (View view : views) {
      Optional<ResizedPhoto> photo = photos.resized(file, view.plan(config, size));
      if (photo.isEmpty()) {
        loaded.forEach(ResizedPhoto::close);
        return Optional.empty();
      }
      loaded.add(view.mirrored() ? mirrored(photo.get()) : photo.get());
    }
    return Optional.of(new LoadedViews(loaded));
  }

  private static ResizedPhoto mirrored(ResizedPhoto photo) {
    try (photo) {
      return photo.mirrored();
    }
  }

  /** What the model says about one photo before any choice, as a {@link RawFile} keeps it. */
  Supplier<RawPhoto> computeRaw(LoadedViews photo) {
    List<Candidates> said = new ArrayList<>();
    for (int v = 0; v < views.size(); v++) {
      said.add(candidates(photo.views().get(v), RawChoice.MIN_SCORE, rawChoice::places));
    }
    List<ResizePlan> plans = photo.views().stream().map(ResizedPhoto::plan).toList();
    return () -> merged(said, plans);
  }

  private RawPhoto merged(List<Candidates> said, List<ResizePlan> plans) {
    Molding place = Molding.of(plans.get(0));
    if (views.size() == 1) {
      return RawPhoto.of(said.get(0), place);
    }
    List<Candidates> back = new ArrayList<>();
    List<Molding> places = new ArrayList<>();
    for (int v = 0; v < views.size(); v++) {
      boolean mirrored = views.get(v).mirrored();
      back.add(views.get(v).back(said.get(v)));
      places.add(Molding.of(mirrored ? plans.get(v).mirrored() : plans.get(v)));
    }
    Candidates all = ViewMerger.merge(back, places);
    return RawPhoto.of(all.only(rawChoice.places(all)), place);
  }

  /**
   * Computes one photo, and gives the rest of the work, which is thread-safe: the detections,
   * highest score first.
   */
  Supplier<List<Detection>> compute(LoadedViews photo) {
    ResizedPhoto plain = photo.views().get(0);
    Molding place = Molding.of(plain.plan());
    Molding molding = longerSide == 0 ? place : place.withLongerSide(longerSide);
    if (views.size() > 1) {
      Supplier<RawPhoto> raw = computeRaw(photo);
      DetectionRules chosenBy = rules.orElseGet(() -> DetectionRules.of(config));
      return () -> chosenBy.apply(raw.get().at(molding));
    }
    if (rules.isEmpty()) {
      RawDetections detections = detect(plain);
      return () -> found(detections, molding);
    }
    Candidates chosen = candidates(plain, rules.get().lowestScore(), rules.get()::choose);
    return () -> rules.get().apply(RawPhoto.of(chosen, molding));
  }

  private Candidates candidates(
      ResizedPhoto photo, float minScore, Function<Candidates, int[]> choice) {
    ResizePlan plan = photo.plan();
    return model.candidates(
        photo.rgb(), plan.height(), plan.width(), plan.window(), minScore, choice);
  }

  /** What the model found, on the original photo, highest score first. */
  public List<Detection> found(RawDetections detections, ResizePlan plan) {
    return found(detections, Molding.of(plan));
  }

  private List<Detection> found(RawDetections detections, Molding molding) {
    return Unmolder.unmold(
        detections.boxes(),
        detections.classIds(),
        detections.scores(),
        detections.masks(),
        detections.side(),
        molding,
        Double.parseDouble(String.valueOf(config.DETECTION_MASK_THRESHOLD)));
  }

  /** All three parts on this thread; empty where the photo cannot be decoded. */
  public Optional<List<Detection>> find(Path file, PhotoSize size) {
    Optional<LoadedViews> photo = loadViews(file, size);
    if (photo.isEmpty()) {
      return Optional.empty();
    }
    try (LoadedViews loaded = photo.get()) {
      return Optional.of(compute(loaded).get());
    }
  }
}
