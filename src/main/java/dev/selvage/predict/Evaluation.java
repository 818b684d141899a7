package dev.selvage.predict;

import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import dev.selvage.eval.CocoCategory;
import dev.selvage.eval.CocoEval;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.Detection;
import dev.selvage.eval.Found;
import dev.selvage.eval.MatterportAp;
import dev.selvage.eval.Result;
import dev.selvage.eval.Truth;
import java.util.List;

/**
 * Scores what was found in photos of a dataset. COCO's statistics take all that was found,
 * Matterport's AP only what is at least as sure as the model's own limit.
 */
public final class Evaluation {
  /**
   * Of objects that count in COCO's statistics: low, since precision is measured at every recall
   * that is reached.
   */
  public static final float MIN_SCORE = 0.05f;

  private final Dataset dataset;
  private final List<CocoCategory> categories;
  private final CocoEval coco;
  private final MatterportAp matterport = new MatterportAp();
  private final float limit;
  private int photos;
  private int objects;

  /**
   * An evaluation without photos.
   *
   * @param limit DETECTION_MIN_CONFIDENCE
   */
  public Evaluation(Dataset dataset, float limit) {
    this.dataset = dataset;
    this.limit = limit;
    categories = categories(dataset.categories());
    coco = new CocoEval(categories.stream().map(CocoCategory::id).toList());
  }

  /** The same categories as COCO's files have them. */
  public static List<CocoCategory> categories(List<Category> categories) {
    return categories.stream().map(c -> new CocoCategory(c.id(), c.name())).toList();
  }

  /** Adds one photo; photos come in ascending order. */
  public void add(int image, List<Found> found) {
    List<Instance> instances = dataset.instances(image);
    List<Truth> truths = instances.stream().map(this::truth).toList();
    coco.add(truths, detections(image, found));
    matterport.add(truths, detections(image, surer(found, limit)));
    photos++;
    objects += (int) instances.stream().filter(i -> !i.crowd()).count();
  }

  /** Those of at least a score. */
  public static List<Found> surer(List<Found> found, float limit) {
    return found.stream().filter(f -> f.score() >= limit).toList();
  }

  private List<Detection> detections(int image, List<Found> found) {
    return new Result(image, dataset.fileName(image), found).detections(categories);
  }

  private Truth truth(Instance instance) {
    return Truth.of(categories.get(instance.classId() - 1).id(), instance.mask(), instance.crowd());
  }

  public CocoScores scores() {
    return coco.scores();
  }

  /** Matterport's AP at mask IoU 0.5, the mean over photos with objects; NaN without any. */
  public double matterportAp() {
    return matterport.mean();
  }

  /** How many photos were added. */
  public int photos() {
    return photos;
  }

  /** How many true objects they show, crowds left out. */
  public int objects() {
    return objects;
  }
}
