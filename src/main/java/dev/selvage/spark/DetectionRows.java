package dev.selvage.spark;

import dev.selvage.data.Box;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.mask.CocoRle;
import dev.selvage.mask.Rle;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What was found in a photo, as rows: one per object, highest score first. A photo without objects
 * has one row with its name alone, so that no photo is missing among the rows.
 */
final class DetectionRows {
  /** In pixels of the photo, not rounded. */
  private static final StructType BOX =
      new StructType()
          .add("x", DataTypes.DoubleType)
          .add("y", DataTypes.DoubleType)
          .add("width", DataTypes.DoubleType)
          .add("height", DataTypes.DoubleType);

  /** COCO's compressed run lengths, with height and width of the photo. */
  private static final StructType SEGMENTATION =
      new StructType()
          .add("size", DataTypes.createArrayType(DataTypes.IntegerType))
          .add("counts", DataTypes.StringType);

  /** The columns; all but the first are null where they do not apply. */
  static final StructType SCHEMA =
      new StructType()
          .add("image", DataTypes.StringType)
          .add("category_id", DataTypes.IntegerType)
          .add("category", DataTypes.StringType)
          .add("score", DataTypes.FloatType)
          .add("box", BOX)
          .add("segmentation", SEGMENTATION)
          .add("error", DataTypes.StringType);

  private DetectionRows() {}

  /**
   * The rows of a photo.
   *
   * @param categories in class order
   */
  static List<Row> of(String image, List<Detection> found, List<Category> categories) {
    return found.isEmpty()
        ? List.of(row(image, null, null, null))
        : found.stream().map(d -> row(image, d, categories.get(d.classId() - 1), null)).toList();
  }

  /**
   * The row of a photo that cannot be used.
   *
   * @param why goes on a sentence that begins with the photo's name
   */
  static List<Row> broken(String image, String why) {
    return List.of(row(image, null, null, why));
  }

  private static Row row(String image, Detection found, Category category, String error) {
    return found == null
        ? RowFactory.create(image, null, null, null, null, null, error)
        : RowFactory.create(
            image,
            category.id(),
            category.name(),
            (float) found.score(),
            box(found.box()),
            segmentation(found.mask()),
            error);
  }

  private static Row box(Box box) {
    return RowFactory.create(box.x(), box.y(), box.width(), box.height());
  }

  private static Row segmentation(Rle mask) {
    return RowFactory.create(new int[] {mask.height(), mask.width()}, CocoRle.write(mask));
  }
}
