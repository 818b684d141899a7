package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.data.Detection;
import dev.selvage.data.image.MemoryPhoto;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.data.image.ResizedPhoto;
import dev.selvage.data.image.UnusablePhoto;
import dev.selvage.model.Candidates;
import dev.selvage.model.RawDetections;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.ViewedModel.Resizer;
import dev.selvage.predict.ViewedModel.Said;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Finds objects in photos, in three parts that may run on three threads: {@link #loadViews} and
 * what {@link #compute} gives are thread-safe, and {@code compute} itself belongs to the one thread
 * that computes. It may have several models, and show each of them several views of a photo; what
 * they say is merged.
 */
public final class Predictor {
  /**
   * Held while a photo is computed, by one predictor of the process at a time: the threads of the
   * native library serve one caller, and a second one would compute alone. Callers take turns.
   */
  private static final ReentrantLock TURN = new ReentrantLock(true);

  /** At least one; all have the same classes, and the first one's settings choose detections. */
  private final List<ViewedModel> models;

  private final Photos photos;

  /** Empty where the settings alone choose. */
  private final Optional<DetectionRules> rules;

  /** Of the photos whose detections are made; 0 for the photos as they are. */
  private final int longerSide;

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
    this(List.of(ViewedModel.of(config, parameters)), photos, Optional.empty(), 0);
  }

  private Predictor(
      List<ViewedModel> models, Photos photos, Optional<DetectionRules> rules, int longerSide) {
    this.models = List.copyOf(models);
    this.photos = photos;
    this.rules = rules;
    this.longerSide = longerSide;
  }

  /**
   * A predictor that merges what its models and another one say.
   *
   * @param config may differ from those of the other models in all but the classes
   * @param parameters stay the caller's
   * @throws UserError the configuration cannot be used for detection
   */
  public Predictor with(Config config, Parameters parameters) {
    ViewedModel other = ViewedModel.of(config, parameters).over(first().views());
    return new Predictor(
        Stream.concat(models.stream(), Stream.of(other)).toList(), photos, rules, longerSide);
  }

  /** A predictor with the same models and photos that chooses its detections by other rules. */
  public Predictor by(DetectionRules others) {
    return new Predictor(models, photos, Optional.of(others), longerSide);
  }

  /** A predictor whose detections are on the photos with so many pixels on their longer side. */
  public Predictor withLongerSide(int pixels) {
    return new Predictor(models, photos, rules, pixels);
  }

  /**
   * A predictor that merges what its models say about several views of each photo.
   *
   * @param views the plain one first
   */
  public Predictor over(List<View> views) {
    return new Predictor(
        models.stream().map(model -> model.over(views)).toList(), photos, rules, longerSide);
  }

  /** The rules that choose detections. */
  DetectionRules rules() {
    return rules.orElseGet(() -> DetectionRules.of(first().config()));
  }

  /** A predictor that chooses the same detections, whose masks may overlap. */
  Predictor withOverlaps() {
    return new Predictor(models, photos, rules.map(r -> r.withOverlaps(Overlaps.KEEP)), longerSide);
  }

  private ViewedModel first() {
    return models.get(0);
  }

  /** The reader of this predictor's photos. It reports each damaged photo once. */
  public Photos photos() {
    return photos;
  }

  /** What the only model says about one photo. */
  private RawDetections detect(ResizedPhoto photo) {
    ResizePlan plan = photo.plan();
    return first()
        .model()
        .detect(photo.rgb(), 1, plan.height(), plan.width(), new int[][] {plan.window()})
        .get(0);
  }

  /**
   * All views of a photo for all models, which the caller closes; empty where it cannot be used.
   *
   * @param size as annotations state it, or else as {@link Photos#size} does
   */
  public Optional<LoadedViews> loadViews(Path file, PhotoSize size) {
    return loadViews(plan -> photos.resized(file, plan), size);
  }

  /**
   * The same of a photo that is not in a file of its own.
   *
   * @param photo resizes it by a plan
   */
  <E extends Exception> Optional<LoadedViews> loadViews(Resizer<E> photo, PhotoSize size) throws E {
    List<ResizedPhoto> loaded = new ArrayList<>();
    boolean whole = false;
    try {
      for (ViewedModel model : models) {
        Optional<List<ResizedPhoto>> views = model.load(photo, size);
        if (views.isEmpty()) {
          return Optional.empty();
        }
        loaded.addAll(views.get());
      }
      whole = true;
      return Optional.of(new LoadedViews(loaded));
    } finally {
      if (!whole) {
        loaded.forEach(ResizedPhoto::close);
      }
    }
  }

  /**
   * A photo in memory, turned as its orientation mark says where the settings follow marks.
   *
   * @throws UnusablePhoto it is no photo, or its header is damaged
   */
  public MemoryPhoto photo(byte[] bytes) throws UnusablePhoto {
    return MemoryPhoto.of(bytes, first().config().EXIF_ORIENTATION);
  }

  /**
   * All views of a photo in memory for all models; the caller closes them.
   *
   * @throws UnusablePhoto it cannot be decoded
   */
  public LoadedViews loadViews(MemoryPhoto photo) throws UnusablePhoto {
    return loadViews(plan -> Optional.of(photo.resized(plan)), photo.size()).orElseThrow();
  }

  /** What the models say about one photo before any choice, as a {@link RawFile} keeps it. */
  Supplier<RawPhoto> computeRaw(LoadedViews photo) {
    int views = first().views().size();
    List<Said> said = new ArrayList<>();
    TURN.lock();
    try {
      for (int m = 0; m < models.size(); m++) {
        said.addAll(models.get(m).raw(photo.views().subList(m * views, (m + 1) * views)));
      }
    } finally {
      TURN.unlock();
    }
    return () -> merged(said);
  }

  private RawPhoto merged(List<Said> said) {
    Molding place = said.get(0).place();
    if (said.size() == 1) {
      return RawPhoto.of(said.get(0).candidates(), place);
    }
    Candidates all =
        ViewMerger.merge(
            said.stream().map(Said::back).toList(), said.stream().map(Said::place).toList());
    return RawPhoto.of(all.only(first().choice().places(all)), place);
  }

  /**
   * Computes one photo, and gives the rest of the work, which is thread-safe: the detections,
   * highest score first.
   */
  public Supplier<List<Detection>> compute(LoadedViews photo) {
    TURN.lock();
    try {
      return computeNow(photo);
    } finally {
      TURN.unlock();
    }
  }

  private Supplier<List<Detection>> computeNow(LoadedViews photo) {
    ResizedPhoto plain = photo.views().get(0);
    Molding place = Molding.of(plain.plan());
    Molding molding = longerSide == 0 ? place : place.withLongerSide(longerSide);
    DetectionRules chosenBy = rules();
    Optional<Guide> guide = chosenBy.edges() ? Optional.of(Guide.of(plain)) : Optional.empty();
    if (photo.views().size() > 1 || chosenBy.maskness() > 0) {
      Supplier<RawPhoto> raw = computeRaw(photo);
      return () -> chosenBy.apply(raw.get().at(molding), guide);
    }
    if (rules.isEmpty() && !chosenBy.allClasses() && guide.isEmpty()) { // in the kernel
      RawDetections detections = detect(plain);
      return () -> found(detections, molding);
    }
    Candidates chosen = first().candidates(plain, chosenBy.lowestScore(), chosenBy::choose);
    return () -> chosenBy.apply(RawPhoto.of(chosen, molding), guide);
  }

  /** What the only model found, on the photo of a molding, highest score first. */
  private List<Detection> found(RawDetections detections, Molding molding) {
    return Unmolder.unmold(
        detections.boxes(),
        detections.classIds(),
        detections.scores(),
        detections.masks(),
        detections.side(),
        molding,
        DetectionRules.of(first().config()).maskThreshold());
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
