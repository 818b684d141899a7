package dev.selvage.eval.analysis;

import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.CategoryMatches;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.CocoStatistics;
import dev.selvage.eval.IouType;
import dev.selvage.eval.KaggleScore;
import dev.selvage.eval.tide.PhotoErrors;
import dev.selvage.eval.tide.Tide;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All measures of detections beyond COCO's statistics, photo by photo. Masks are not kept. */
public final class Analysis {
  private final List<Category> categories;
  private final Matching matching;
  private final Tide boxTide = new Tide();
  private final Tide maskTide = new Tide();
  private final CategoryMatches boundary;
  private final KaggleScore kaggle = new KaggleScore();
  private final ApSlice.ByObjects byObjects;
  private final List<JudgedPhoto> photos = new ArrayList<>();

  /**
   * How detections and objects are compared.
   *
   * @param hasMasks whether the truth has masks; else only boxes are compared
   * @param iou least IoU of a match in the confusion matrix
   * @param score least score of a detection in the confusion matrix
   */
  public record Matching(boolean hasMasks, double iou, double score) {
    IouType kind() {
      return hasMasks ? IouType.MASK : IouType.BOX;
    }
  }

  /**
   * A photo as it was annotated.
   *
   * @param order its place in the annotation file, which decides between equal scores in tidecv
   * @param name of its file, or its id
   */
  public record Photo(int order, String name, int height, int width) {}

  /**
   * Begins without photos.
   *
   * @param categories in class order
   */
  public Analysis(List<Category> categories, Matching matching) {
    this.categories = List.copyOf(categories);
    this.matching = matching;
    boundary = new CategoryMatches(categories, IouType.BOUNDARY);
    byObjects = new ApSlice.ByObjects(categories, matching.kind());
  }

  /**
   * Adds one photo; photos come in ascending order of their ids.
   *
   * @param submitted the detections that Kaggle's measure counts, without common pixels
   */
  public void add(
      Photo photo, List<Instance> truths, List<Detection> found, List<Detection> submitted) {
    double[][] overlaps = IouType.BOX.of(found, truths);
    PhotoErrors errors = PhotoErrors.of(truths, found, overlaps);
    boxTide.add(photo.order, truths, found, errors);
    double score = Double.NaN;
    if (matching.hasMasks) {
      overlaps = IouType.MASK.of(found, truths);
      errors = PhotoErrors.of(truths, found, overlaps);
      maskTide.add(photo.order, truths, found, errors);
      boundary.add(truths, found);
      score = kaggle.add(truths, submitted);
    }
    byObjects.add(truths, found);
    photos.add(
        new JudgedPhoto(
            photo.name,
            photo.height,
            photo.width,
            truths.stream().map(JudgedPhoto.Truth::of).toList(),
            found.stream().map(JudgedPhoto.Find::of).toList(),
            overlaps,
            errors,
            score));
  }

  /** In class order. */
  public List<Category> categories() {
    return categories;
  }

  public Matching matching() {
    return matching;
  }

  /** In the order in which they were added. */
  public List<JudgedPhoto> photos() {
    return photos;
  }

  /** The error types by boxes or by masks. */
  public Tide tide(IouType kind) {
    return kind == IouType.BOX ? boxTide : maskTide;
  }

  /** The statistics of boundary AP. */
  public CocoStatistics boundary() {
    return boundary.statistics();
  }

  /** The measure of Kaggle's 2019; NaN without photos or without masks. */
  public double kaggle() {
    return kaggle.mean();
  }

  public Confusion confusion() {
    return Confusion.of(photos, matching.iou, matching.score);
  }

  /** By class; {@link ScoreCurve#ALL} is that of all classes together. */
  public Map<Integer, ScoreCurve> curves() {
    return ScoreCurve.of(photos, categories.size());
  }

  public Calibration calibration() {
    return Calibration.of(photos);
  }

  /** AP of photos with few and with many objects. */
  public List<ApSlice> byObjects() {
    return byObjects.slices();
  }

  /** AP of rare and of frequent classes. */
  public List<ApSlice> byFrequency(CocoScores scores) {
    return ApSlice.byFrequency(matching.hasMasks ? scores.segm() : scores.bbox());
  }

  /** Places where the labels may be wrong, the likeliest first. */
  public List<Suspect> suspects() {
    return Suspect.of(photos, categories.size());
  }
}
