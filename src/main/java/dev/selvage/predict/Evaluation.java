package dev.selvage.predict;

import dev.selvage.data.Dataset;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.CocoEval;
import dev.selvage.eval.CocoScores;
import dev.selvage.eval.MatterportAp;
import java.util.List;

/**
 * Scores detections in photos of a dataset. COCO's statistics take all detections, Matterport's AP
 * only those of at least the model's own score limit.
 */
public final class Evaluation {
  /**
   * Lowest score of the detections that COCO's statistics take. It is low, since precision is
   * measured at every recall that is reached.
   */
  public static final float MIN_SCORE = 0.05f;

  private final Dataset dataset;
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
    coco = new CocoEval(dataset.categories());
  }

  /** Adds one photo; photos come in ascending order. */
  public void add(int imageIndex, List<Detection> found) {
    List<Instance> truths = dataset.instances(imageIndex);
    coco.add(truths, found);
    matterport.add(truths, withMinScore(found, limit));
    photos++;
    objects += (int) truths.stream().filter(truth -> !truth.crowd()).count();
  }

  /** The detections whose score is at least {@code limit}. */
  public static List<Detection> withMinScore(List<Detection> found, float limit) {
    return found.stream().filter(f -> f.score() >= limit).toList();
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

  /** How many true objects they show, without crowds. */
  public int objects() {
    return objects;
  }
}
