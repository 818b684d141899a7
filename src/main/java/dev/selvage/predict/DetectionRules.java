package dev.selvage.predict;

import dev.selvage.config.Config;
import dev.selvage.data.Box;
import dev.selvage.data.Detection;
import dev.selvage.mask.Rle;
import dev.selvage.model.Candidates;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * How the detections of a photo are chosen from what the model says. The rules apply in the order
 * of the components, but for the order of overlaps, which comes before the least area.
 *
 * @param scores [K-1] lowest score of each class, that of class c at c - 1; each in 0..1
 * @param allClasses whether a region may become an object of every class that scores high enough,
 *     or only of its likeliest one
 * @param nms box IoU above which an object suppresses others of its class with lower scores; in
 *     0..1, where 1 suppresses none
 * @param nmsAcross the same between objects of different classes
 * @param mostObjects of a photo, those with the highest scores; at least 1
 * @param maskThreshold lowest probability of a mask's pixels, in 0..1 with both ends excluded
 * @param leastArea pixels that an object must keep, counted where the photo's longer side has
 *     {@value #AREA_SIDE}; at least 0
 * @param overlaps which object keeps pixels that several claim
 * @param maskness to which power the certainty of a mask counts in its score, see {@link
 *     RawPhoto#withMaskness}; at least 0, where 0 leaves scores as they are
 * @param edges whether masks end at edges of the photo, see {@link EdgeFilter}
 */
public record DetectionRules(
    double[] scores,
    boolean allClasses,
    double nms,
    double nmsAcross,
    int mostObjects,
    double maskThreshold,
    int leastArea,
    Overlaps overlaps,
    double maskness,
    boolean edges)
    implements Serializable {
  /** The longer side of a photo whose pixels the least area counts. */
  public static final int AREA_SIDE = 512;

  /** The rules that the settings of a model state. */
  public static DetectionRules of(Config config) {
    double[] scores = new double[config.NUM_CLASSES - 1];
    Arrays.fill(scores, Double.parseDouble(String.valueOf(config.DETECTION_MIN_CONFIDENCE)));
    return new DetectionRules(
        scores,
        config.DETECTION_ALL_CLASSES,
        Double.parseDouble(String.valueOf(config.DETECTION_NMS_THRESHOLD)),
        1,
        config.DETECTION_MAX_INSTANCES,
        Double.parseDouble(String.valueOf(config.DETECTION_MASK_THRESHOLD)),
        0,
        Overlaps.KEEP,
        0,
        config.DETECTION_MASK_EDGES);
  }

  /** A score above 0 that no candidate of these rules is below. */
  float lowestScore() {
    float least = Math.nextDown((float) Arrays.stream(scores).min().orElse(1));
    return Math.max(least, Float.MIN_NORMAL);
  }

  /**
   * The places of the candidates that become objects, highest score first.
   *
   * @param candidates with scores in which {@link #maskness()} counts already
   */
  public int[] choose(Candidates candidates) {
    int[] enough =
        IntStream.range(0, candidates.size())
            .filter(i -> allClasses || candidates.best()[i])
            .filter(i -> candidates.scores()[i] >= scores[candidates.classIds()[i] - 1])
            .toArray();
    int[] apart = Nms.survivors(candidates, enough, nms, false);
    int[] alone = Nms.survivors(candidates, apart, nmsAcross, true);
    return Arrays.copyOf(alone, Math.min(alone.length, mostObjects));
  }

  /**
   * The masks of chosen objects once overlaps are decided.
   *
   * @param masks highest score first; null for an object without any
   * @return in the same order, null where the object is dropped
   */
  public Rle[] visible(Rle[] masks) {
    Rle[] visible = overlaps.visible(masks).clone();
    for (int i = 0; i < visible.length; i++) {
      if (visible[i] != null && visible[i].area() < leastArea * scale(visible[i])) {
        visible[i] = null;
      }
    }
    return visible;
  }

  private static double scale(Rle mask) {
    double scale = (double) Math.max(mask.height(), mask.width()) / AREA_SIDE;
    return scale * scale;
  }

  /**
   * The detections of a photo, highest score first.
   *
   * @param guide of the photo; may be empty where the rules do not look for {@link #edges()}
   */
  public List<Detection> apply(RawPhoto raw, Optional<Guide> guide) {
    RawPhoto photo = raw.withMaskness(maskness);
    Candidates candidates = photo.candidates();
    int[] places = choose(candidates);
    Rle[] seen =
        visible(
            Arrays.stream(places).mapToObj(place -> mask(photo, place, guide)).toArray(Rle[]::new));
    List<Detection> found = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      if (seen[i] != null) {
        int place = places[i];
        Box box = photo.box(place);
        found.add(
            new Detection(candidates.classIds()[place], candidates.scores()[place], box, seen[i]));
      }
    }
    return found;
  }

  private Rle mask(RawPhoto photo, int place, Optional<Guide> guide) {
    return edges
        ? photo.sharpMask(place, photo.sharpen(place, guide.orElseThrow()), maskThreshold)
        : photo.mask(place, maskThreshold);
  }

  /** The components while some of them change. */
  private static final class Draft {
    double[] scores;
    boolean allClasses;
    double nms;
    double nmsAcross;
    int mostObjects;
    double maskThreshold;
    int leastArea;
    Overlaps overlaps;
    double maskness;
    boolean edges;

    Draft(DetectionRules rules) {
      scores = rules.scores;
      allClasses = rules.allClasses;
      nms = rules.nms;
      nmsAcross = rules.nmsAcross;
      mostObjects = rules.mostObjects;
      maskThreshold = rules.maskThreshold;
      leastArea = rules.leastArea;
      overlaps = rules.overlaps;
      maskness = rules.maskness;
      edges = rules.edges;
    }

    DetectionRules rules() {
      return new DetectionRules(
          scores,
          allClasses,
          nms,
          nmsAcross,
          mostObjects,
          maskThreshold,
          leastArea,
          overlaps,
          maskness,
          edges);
    }
  }

  private DetectionRules with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.rules();
  }

  /** The same rules with another {@link #scores()}. */
  public DetectionRules withScores(double[] other) {
    return with(draft -> draft.scores = other);
  }

  /** The same rules with another {@link #allClasses()}. */
  public DetectionRules withAllClasses(boolean other) {
    return with(draft -> draft.allClasses = other);
  }

  /** The same rules with another {@link #nms()}. */
  public DetectionRules withNms(double other) {
    return with(draft -> draft.nms = other);
  }

  /** The same rules with another {@link #nmsAcross()}. */
  public DetectionRules withNmsAcross(double other) {
    return with(draft -> draft.nmsAcross = other);
  }

  /** The same rules with another {@link #mostObjects()}. */
  public DetectionRules withMostObjects(int other) {
    return with(draft -> draft.mostObjects = other);
  }

  /** The same rules with another {@link #maskThreshold()}. */
  public DetectionRules withMaskThreshold(double other) {
    return with(draft -> draft.maskThreshold = other);
  }

  /** The same rules with another {@link #leastArea()}. */
  public DetectionRules withLeastArea(int other) {
    return with(draft -> draft.leastArea = other);
  }

  /** The same rules with another {@link #overlaps()}. */
  public DetectionRules withOverlaps(Overlaps other) {
    return with(draft -> draft.overlaps = other);
  }

  /** The same rules with another {@link #maskness()}. */
  public DetectionRules withMaskness(double other) {
    return with(draft -> draft.maskness = other);
  }

  /** The same rules with another {@link #edges()}. */
  public DetectionRules withEdges(boolean other) {
    return with(draft -> draft.edges = other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DetectionRules r
        && Arrays.equals(scores, r.scores)
        && allClasses == r.allClasses
        && nms == r.nms
        && nmsAcross == r.nmsAcross
        && mostObjects == r.mostObjects
        && maskThreshold == r.maskThreshold
        && leastArea == r.leastArea
        && overlaps == r.overlaps
        && maskness == r.maskness
        && edges == r.edges;
  }

  @Override
  public int hashCode() {
    return 31
            * Objects.hash(
                allClasses,
                nms,
                nmsAcross,
                mostObjects,
                maskThreshold,
                leastArea,
                overlaps,
                maskness,
                edges)
        + Arrays.hashCode(scores);
  }
}
