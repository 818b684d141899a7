package dev.selvage.predict;

import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.CocoDetection;
import dev.selvage.eval.CocoEval;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.GroundTruthObject;
import dev.selvage.eval.MatterportAp;
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
  private final List<Category> categories;
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
    categories = dataset.categories();
    coco = new CocoEval(categories.stream().map(Category::id).toList());
  }

  /** Adds one photo; photos come in ascending order. */
  public void add(int imageIndex, List<Detection> found) {
    List<Instance> instances = dataset.instances(imageIndex);
    List<GroundTruthObject> truths = instances.stream().map(this::truth).toList();
    coco.add(truths, CocoDetection.of(found, categories));
    matterport.add(truths, CocoDetection.of(surer(found, limit), categories));
    photos++;
    objects += (int) instances.stream().filter(i -> !i.crowd()).count();
  }

  /** Those of at least a score. */
  public static List<Detection> surer(List<Detection> found, float limit) {
    return found.stream().filter(f -> f.score() >= limit).toList();
  }

  private GroundTruthObject truth(Instance instance) {
    return GroundTruthObject.of(
        categories.get(instance.classId() - 1).id(), instance.mask(), instance.crowd());
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
