package dev.selvage.inspect;

import dev.selvage.data.Instance;
import dev.selvage.data.image.PhotoSize;
import java.nio.file.Path;
import java.util.List;

/**
 * All that was found out about a dataset.
 *
 * @param rows of train.csv, or annotations of a COCO file, bad ones included
 * @param photos that are annotated and there
 * @param findings the worst first
 * @param classes every category, in class order
 * @param attributes every attribute, by id
 * @param longestSides of the photos, pixels
 * @param objectsPerPhoto bins of one
 * @param boxSizes square root of the boxes' areas, pixels of the model's image
 * @param boxRatios width / height
 * @param configured the anchors of the configuration
 * @param suggested anchors that fit closer, or null where they would by little
 * @param sides how a run would split the photos
 * @param samples photos to draw
 */
public record Inspection(
    String dataset,
    int rows,
    int photos,
    int objects,
    List<Finding> findings,
    List<NamedCount> classes,
    List<NamedCount> attributes,
    Histogram longestSides,
    Histogram objectsPerPhoto,
    Histogram boxSizes,
    Histogram boxRatios,
    AnchorFit configured,
    AnchorFit suggested,
    SplitComparison sides,
    List<Sample> samples) {
  /** How often a category or an attribute occurs. */
  public record NamedCount(int id, String name, int count) {}

  /**
   * A photo to draw.
   *
   * @param instances its objects
   */
  public record Sample(Path file, PhotoSize size, List<Instance> instances) {}
}
