package dev.selvage.eval;

import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.mask.Rle;
import java.util.List;

/**
 * One detected object of a photo, as COCO's evaluation sees it.
 *
 * @param categoryId the dataset's own number
 * @param score higher is surer; never NaN
 * @param box x, y, width, height in pixels of the photo
 * @param area decides the area range of a detection that matches nothing
 */
public record CocoDetection(int categoryId, double score, double[] box, double area, Rle mask) {
  /**
   * A detection with the area that pycocotools gives to results which state their box: the box's,
   * for masks too, so that the same numbers come out as from the file of the results.
   */
  public static CocoDetection of(int categoryId, double score, double[] box, Rle mask) {
    return new CocoDetection(categoryId, score, box, box[2] * box[3], mask);
  }

  /**
   * What the model found in one photo.
   *
   * @param categories in class order: class c is {@code categories.get(c - 1)}
   */
  public static List<CocoDetection> of(List<Detection> detections, List<Category> categories) {
    return detections.stream()
        .map(d -> of(categories.get(d.classId() - 1).id(), d.score(), d.box(), d.mask()))
        .toList();
  }
}
