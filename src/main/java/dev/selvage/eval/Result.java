package dev.selvage.eval;

import java.util.List;

/**
 * What the model found in one photo.
 *
 * @param imageId place in file-name order, or the dataset's own id
 * @param found surest first
 */
public record Result(long imageId, String fileName, List<Found> found) {
  /**
   * The same for COCO's evaluation.
   *
   * @param classes the dataset's categories in class order: class c is {@code classes.get(c - 1)}
   */
  public List<Detection> detections(List<CocoCategory> classes) {
    return found.stream()
        .map(f -> Detection.of(classes.get(f.classId() - 1).id(), f.score(), f.box(), f.mask()))
        .toList();
  }
}
