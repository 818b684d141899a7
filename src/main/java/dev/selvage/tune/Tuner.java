package dev.selvage.tune;

import dev.selvage.data.Dataset;
import dev.selvage.data.split.Split;
import dev.selvage.predict.DetectionRules;
import dev.selvage.predict.Guide;
import dev.selvage.predict.Overlaps;
import dev.selvage.predict.RawFile;
import dev.selvage.tune.Measure.Costs;
import dev.selvage.tune.Measure.Shown;
import dev.selvage.util.UserError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Searches rules that improve a measure, by cross-validation: each part of the rules is tuned once
 * for each fold, on the photos outside it, and once on all photos. It stays if the measure grows on
 * the folds that the rules were not tuned on, each measured by its own rules.
 */
public final class Tuner {
  /** How many parts of the photos are held out in turn. */
  public static final int FOLDS = 5;

  /** What becomes an object, with which mask. */
  private static final List<Part> CHOICE =
      List.of(
          Part.CLASSES,
          Part.NMS,
          Part.NMS_ACROSS,
          Part.OVERLAPS,
          Part.EDGES,
          Part.MASK,
          Part.MASKNESS);

  /** The first step. */
  private static final String SETTINGS = "settings of the model";

  /** How often the parts of the choice are tuned. */
  private static final int MOST_ROUNDS = 3;

  /** A part of the rules is kept where it improves the measure by more than rounding. */
  private static final double LEAST_GAIN = 1e-6;

  /**
   * A class's own lowest score counts as much as the common one where so many photos say something
   * about it.
   */
  private static final double HALF_TRUST = 20;

  private final JudgedPhoto[] photos;
  private final int classes;
  private final Measure measure;
  private final Costs costs;
  private final List<Fit> folds = new ArrayList<>();
  private final Fit whole;
  private final List<Step> steps = new ArrayList<>();

  /**
   * A part that was tuned.
   *
   * @param value of the measure after it, on photos that the rules were not tuned on
   * @param kept whether it improved the measure
   */
  public record Step(String part, double value, boolean kept) {}

  /**
   * The first of several models, or a model without the views that it is tuned with.
   *
   * @param value its {@link #before}
   * @param merged what is merged besides: models, views, or both
   */
  public record Alone(double value, String merged) {}

  /**
   * The best rules.
   *
   * @param rules tuned on all photos
   * @param steps the first one is the value of the first model at the defaults, without views
   */
  public record Result(DetectionRules rules, List<Step> steps) {
    /** The measure of the first model at the defaults, without views. */
    public double before() {
      return steps.get(0).value;
    }

    /** The measure on photos that the rules were not tuned on. */
    public double after() {
      return steps.stream()
          .filter(Step::kept)
          .mapToDouble(Step::value)
          .reduce((a, b) -> b)
          .orElseThrow();
    }
  }

  /**
   * Prepares the photos of a file. Those that could not be used are left out.
   *
   * @param images the file's photos as indices into the dataset
   * @param guides of the file's photos, by their place; empty where one cannot be read any more
   * @param seed deals the photos into folds
   * @throws UserError these are too few for cross-validation
   */
  public static Tuner of(
      Dataset dataset,
      int[] images,
      RawFile file,
      IntFunction<Optional<Guide>> guides,
      long seed,
      Measure measure,
      Costs costs) {
    JudgedPhoto[] photos = new JudgedPhoto[images.length];
    IntStream.range(0, images.length)
        .parallel()
        .forEach(
            i ->
                file.photo(i)
                    .ifPresent(
                        raw -> {
                          Optional<Guide> guide = guides.apply(i);
                          if (guide.isPresent()) {
                            photos[i] = new JudgedPhoto(raw, dataset.instances(images[i]), guide);
                          }
                        }));
    JudgedPhoto[] usable =
        Arrays.stream(photos).filter(Objects::nonNull).toArray(JudgedPhoto[]::new);
    if (usable.length < 2 * FOLDS) {
      throw new UserError(
          "%s: expected at least %d photos to tune on, found %d"
              .formatted(dataset.name(), 2 * FOLDS, usable.length));
    }
    int[][] classes =
        Arrays.stream(usable)
            .map(photo -> Arrays.stream(photo.classIds()).distinct().toArray())
            .toArray(int[][]::new);
    int[][] held =
        IntStream.range(0, FOLDS)
            .mapToObj(fold -> Split.stratified(classes, 1.0 / FOLDS, fold, seed).valid())
            .toArray(int[][]::new);
    return new Tuner(usable, held, dataset.categories().size(), measure, costs);
  }

  /**
   * Prepares.
   *
   * @param held [folds] places of the photos of each fold
   */
  Tuner(JudgedPhoto[] photos, int[][] held, int classes, Measure measure, Costs costs) {
    this.photos = photos;
    this.classes = classes;
    this.measure = measure;
    this.costs = costs;
    int[][] truths = Arrays.stream(photos).map(JudgedPhoto::classIds).toArray(int[][]::new);
    int[] all = IntStream.range(0, photos.length).toArray();
    for (int[] fold : held) {
      int[] others = IntStream.of(all).filter(i -> Arrays.binarySearch(fold, i) < 0).toArray();
      folds.add(new Fit(others, fold, measure, costs, truths));
    }
    whole = new Fit(all, new int[0], measure, costs, truths);
  }

  /** How many photos there are to tune on. */
  public int photos() {
    return photos.length;
  }

  /**
   * The measure before anything is tuned.
   *
   * @param defaults the rules of the settings
   */
  public double before(DetectionRules defaults) {
    begin(defaults);
    return value();
  }

  /**
   * Tunes all parts.
   *
   * @param defaults the rules of the settings
   * @param alone the first model without views; empty if it is all that there is
   * @param report takes each step when it is done
   */
  public Result tune(DetectionRules defaults, Optional<Alone> alone, Consumer<Step> report) {
    alone.ifPresent(first -> add(new Step(SETTINGS, first.value, true), report));
    DetectionRules first = begin(defaults);
    add(alone.map(Alone::merged).orElse(SETTINGS), true, report);
    if (measure.cutsScores()) {
      tune(Part.SCORE, 1, report);
    } else {
      DetectionRules lowest = Part.withScore(first, JudgedPhoto.MIN_SCORE);
      begin(lowest);
      add("all scores from " + JudgedPhoto.MIN_SCORE, true, report);
    }
    boolean changed = true;
    for (int round = 1; changed && round <= MOST_ROUNDS; round++) {
      changed = tuneChoice(round, report);
    }
    if (measure.cutsScores()) {
      keepIfBetter("a lowest score for each class", 1, this::tuneClasses, report);
    }
    tune(Part.AREA, 1, report);
    tune(Part.MOST, 1, report);
    return new Result(whole.rules(), List.copyOf(steps));
  }

  /** Judges by rules, with masks apart where the measure wants that; gives these rules. */
  private DetectionRules begin(DetectionRules rules) {
    DetectionRules first = measure.apart() ? rules.withOverlaps(Overlaps.SCORE) : rules;
    Judged[] found = judge(first);
    fits().forEach(fit -> fit.set(first, found));
    return first;
  }

  /**
   * Tunes the parts of the choice. A part may want another value when those after it have changed,
   * so there are several rounds.
   *
   * @return whether a part was kept
   */
  private boolean tuneChoice(int round, Consumer<Step> report) {
    boolean kept = false;
    for (Part part : CHOICE) {
      if (applies(part)) {
        kept |= tune(part, round, report);
      }
    }
    return kept;
  }

  private boolean applies(Part part) {
    return switch (part) {
      case OVERLAPS -> measure.apart();
      case EDGES -> Arrays.stream(photos).allMatch(JudgedPhoto::hasGuide);
      default -> true;
    };
  }

  private List<Fit> fits() {
    return Stream.concat(folds.stream(), Stream.of(whole)).toList();
  }

  private boolean tune(Part part, int round, Consumer<Step> report) {
    boolean kept =
        keepIfBetter(
            part.title(),
            round,
            () -> {
              Map<DetectionRules, Judged[]> known = new HashMap<>();
              for (Fit fit : fits()) {
                double best = fit.value(fit.judged());
                DetectionRules before = fit.rules();
                for (DetectionRules option : part.options(before).distinct().toList()) {
                  Judged[] found = known.computeIfAbsent(option, this::judge);
                  double value = fit.value(found);
                  if (value > best) {
                    best = value;
                    fit.set(option, found);
                  }
                }
              }
            },
            report);
    Arrays.stream(photos).forEach(JudgedPhoto::forget);
    return kept;
  }

  /** Tunes, and takes it back in all fits if the photos that were held out do not gain. */
  private boolean keepIfBetter(String part, int round, Runnable tune, Consumer<Step> report) {
    List<DetectionRules> rules = fits().stream().map(Fit::rules).toList();
    List<Judged[]> judged = fits().stream().map(Fit::judged).toList();
    double before = value();
    tune.run();
    boolean kept = value() > before + LEAST_GAIN;
    if (round == 1) {
      add(part, kept, report);
    } else if (kept) {
      add("%s, round %d".formatted(part, round), true, report);
    }
    for (int i = 0; !kept && i < rules.size(); i++) {
      fits().get(i).set(rules.get(i), judged.get(i));
    }
    return kept;
  }

  private void add(String part, boolean kept, Consumer<Step> report) {
    add(new Step(part, value(), kept), report);
  }

  private void add(Step step, Consumer<Step> report) {
    steps.add(step);
    report.accept(step);
  }

  /** The measure on all photos, each judged by the rules of the fit that did not see it. */
  private double value() {
    List<Shown> held = folds.stream().flatMap(fit -> fit.held().stream()).toList();
    return measure.of(held, costs);
  }

  private Judged[] judge(DetectionRules rules) {
    return Arrays.stream(photos).parallel().map(photo -> photo.judge(rules)).toArray(Judged[]::new);
  }

  /** Gives each class a lowest score of its own, the more its own the more photos there are. */
  private void tuneClasses() {
    fits().forEach(this::tuneClasses);
  }

  private void tuneClasses(Fit fit) {
    double common = median(fit.rules().scores());
    Map<Integer, int[]> affected = new HashMap<>();
    for (int c = 1; c <= classes; c++) {
      int classId = c;
      affected.put(c, IntStream.of(fit.tuned()).filter(i -> photos[i].has(classId)).toArray());
    }
    affected.values().removeIf(places -> places.length == 0);
    affected.keySet().stream()
        .sorted(Comparator.comparingInt((Integer c) -> -affected.get(c).length))
        .forEach(c -> tuneClass(fit, c, common, affected.get(c)));
    fit.set(fit.rules(), judge(fit.rules()));
  }

  private void tuneClass(Fit fit, int classId, double common, int[] affected) {
    double bestValue = fit.value(fit.judged());
    double best = fit.rules().scores()[classId - 1];
    for (double option : Part.SCORES) {
      double value = fit.value(judge(fit, with(fit.rules(), classId, option), affected));
      if (value > bestValue + LEAST_GAIN / 10) {
        bestValue = value;
        best = option;
      }
    }
    double trust = affected.length / (affected.length + HALF_TRUST);
    double own = Math.rint(1000 * (common + trust * (best - common))) / 1000;
    DetectionRules rules = with(fit.rules(), classId, own);
    fit.set(rules, judge(fit, rules, affected));
  }

  private static DetectionRules with(DetectionRules rules, int classId, double score) {
    double[] scores = rules.scores().clone();
    scores[classId - 1] = score;
    return rules.withScores(scores);
  }

  private Judged[] judge(Fit fit, DetectionRules rules, int[] affected) {
    Judged[] found = fit.judged().clone();
    IntStream.of(affected).parallel().forEach(i -> found[i] = photos[i].judge(rules));
    return found;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
