package dev.selvage.tune;

import dev.selvage.data.Instance;
import dev.selvage.mask.CroppedMask;
import dev.selvage.mask.ResizedRasterizer;
import dev.selvage.mask.Rle;
import dev.selvage.model.Candidates;
import dev.selvage.predict.DetectionRules;
import dev.selvage.predict.Guide;
import dev.selvage.predict.Overlaps;
import dev.selvage.predict.RawPhoto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One photo's candidates and true objects, ready for many rules. Different rules often choose the
 * same objects, which are judged once. Not thread-safe.
 */
final class JudgedPhoto {
  /** Lowest score of a candidate that any rules choose. */
  static final double MIN_SCORE = 0.05;

  /** The longer side of a photo that is larger is made so many pixels, as Kaggle does. */
  static final int LONGER_SIDE = 512;

  /** At the size at which it is judged. */
  private final RawPhoto raw;

  /** The candidates by the scores that were needed, by the power of maskness. */
  private final Map<Double, Scored> scored = new HashMap<>();

  /** The masks that were needed, by how they are drawn and candidate. */
  private final Map<Drawing, Rle[]> masks = new HashMap<>();

  /** Of the photo; empty where no rules look for edges. */
  private final Optional<Guide> guide;

  /** The sharp masks that were needed, by candidate. */
  private final byte[][] sharp;

  private final Instance[] truths;
  private final Map<Choice, Judged> known = new HashMap<>();

  /** Candidates, highest score first, and where they are in {@link #raw}. */
  private record Scored(Candidates candidates, int[] places) {}

  /** How masks are drawn. */
  private record Drawing(double maskThreshold, boolean edges) {
    Drawing(DetectionRules rules) {
      this(rules.maskThreshold(), rules.edges());
    }
  }

  /** A choice of objects, their scores, and what happens to their masks. */
  private record Choice(
      int[] places, double maskness, Drawing drawing, Overlaps overlaps, int leastArea) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Choice c
          && overlaps == c.overlaps
          && leastArea == c.leastArea
          && Arrays.equals(places, c.places)
          && maskness == c.maskness
          && drawing.equals(c.drawing);
    }

    @Override
    public int hashCode() {
      return Arrays.deepHashCode(
          new Object[] {places, maskness, drawing, overlaps.ordinal(), leastArea});
    }
  }

  /** A pair of an object and a truth of its class. */
  private record Pair(int object, int truth, long common, long union) {
    double iou() {
      return (double) common / union;
    }
  }

  /**
   * Prepares a photo.
   *
   * @param guide of the photo; empty where no rules look for edges
   */
  JudgedPhoto(RawPhoto photo, List<Instance> truths, Optional<Guide> guide) {
    this.guide = guide;
    int[] enough =
        IntStream.range(0, photo.candidates().size())
            .filter(i -> photo.candidates().scores()[i] >= MIN_SCORE)
            .toArray();
    RawPhoto some = photo.only(enough);
    raw =
        Math.max(photo.height(), photo.width()) > LONGER_SIDE
            ? some.withLongerSide(LONGER_SIDE)
            : some;
    sharp = new byte[raw.candidates().size()][];
    this.truths =
        truths.stream()
            .map(truth -> resized(truth, raw.height(), raw.width()))
            .toArray(Instance[]::new);
  }

  private Rle mask(int i, DetectionRules rules) {
    Rle[] drawn = masks.computeIfAbsent(new Drawing(rules), d -> new Rle[raw.candidates().size()]);
    if (drawn[i] == null) {
      drawn[i] = draw(i, rules);
    }
    return drawn[i];
  }

  private Rle draw(int i, DetectionRules rules) {
    if (!rules.edges()) {
      return raw.mask(i, rules.maskThreshold());
    }
    if (sharp[i] == null) {
      sharp[i] = raw.sharpen(i, guide.orElseThrow());
    }
    return raw.sharpMask(i, sharp[i], rules.maskThreshold());
  }

  /** Whether rules may look for edges. */
  boolean hasGuide() {
    return guide.isPresent();
  }

  /** Forgets what was judged and drawn, to save memory. */
  void forget() {
    known.clear();
    masks.clear();
  }

  private static Instance resized(Instance truth, int height, int width) {
    Rle mask = truth.mask();
    if (mask.height() == height && mask.width() == width) {
      return truth;
    }
    CroppedMask drawn =
        new ResizedRasterizer(mask.height(), mask.width(), height, width, 0, 0, height, width)
            .draw(mask);
    return new Instance(
        truth.classId(),
        drawn == null ? Rle.empty(height, width) : drawn.toRle(height, width),
        truth.crowd());
  }

  /** The classes of the true objects, without crowds. */
  int[] classIds() {
    return Arrays.stream(truths)
        .filter(truth -> !truth.crowd())
        .mapToInt(Instance::classId)
        .toArray();
  }

  /** Whether any candidate is of a class. */
  boolean has(int classId) {
    return Arrays.stream(raw.candidates().classIds()).anyMatch(c -> c == classId);
  }

  /** Judges what some rules find. */
  Judged judge(DetectionRules rules) {
    Scored by = scored.computeIfAbsent(rules.maskness(), this::scored);
    int[] places = rules.choose(by.candidates);
    return known.computeIfAbsent(
        new Choice(
            places, rules.maskness(), new Drawing(rules), rules.overlaps(), rules.leastArea()),
        choice -> judge(rules, by, places));
  }

  private Scored scored(double maskness) {
    float[] scores = raw.scoresWithMaskness(maskness);
    int[] places = RawPhoto.byScore(scores);
    return new Scored(raw.candidates().withScores(scores).only(places), places);
  }

  private Judged judge(DetectionRules rules, Scored by, int[] places) {
    Rle[] masksOf =
        Arrays.stream(places).mapToObj(i -> mask(by.places[i], rules)).toArray(Rle[]::new);
    Rle[] visible = rules.visible(masksOf);
    int[] objects = IntStream.range(0, places.length).filter(i -> visible[i] != null).toArray();
    int[] classIds = new int[objects.length];
    float[] scores = new float[objects.length];
    Rle[] found = new Rle[objects.length];
    for (int i = 0; i < objects.length; i++) {
      classIds[i] = by.candidates.classIds()[places[objects[i]]];
      scores[i] = by.candidates.scores()[places[objects[i]]];
      found[i] = visible[objects[i]];
    }
    byte[] ignored = new byte[objects.length];
    byte[] right = match(classIds, found, ignored);
    return new Judged(classIds, scores, right, ignored);
  }

  /** The pair with the largest IoU first, as {@link dev.selvage.eval.KaggleScore} does. */
  private byte[] match(int[] classIds, Rle[] found, byte[] ignored) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < found.length; i++) {
      for (int t = 0; t < truths.length; t++) {
        if (truths[t].classId() == classIds[i]) {
          long common = found[i].intersection(truths[t].mask());
          long area = found[i].area();
          if (truths[t].crowd()) {
            ignored[i] = (byte) Math.max(ignored[i], levels(common, area));
          } else if (common > 0) {
            pairs.add(new Pair(i, t, common, area + truths[t].mask().area() - common));
          }
        }
      }
    }
    pairs.sort(Comparator.comparingDouble(Pair::iou).reversed());
    byte[] right = new byte[found.length];
    boolean[] matched = new boolean[found.length];
    boolean[] taken = new boolean[truths.length];
    for (Pair pair : pairs) {
      int levels = levels(pair.common, pair.union);
      if (levels > 0 && !matched[pair.object] && !taken[pair.truth]) {
        matched[pair.object] = true;
        taken[pair.truth] = true;
        right[pair.object] = (byte) levels;
      }
    }
    return right;
  }

  /** How many of the IoU thresholds a part of a whole is above, without rounding. */
  private static int levels(long part, long whole) {
    int levels = 0;
    while (levels < Judged.THRESHOLDS && 20 * part > (10 + levels) * whole) {
      levels++;
    }
    return levels;
  }
}
