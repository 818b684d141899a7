package dev.selvage.spark;

import dev.selvage.cli.model.TrainedModels;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigWriter;
import dev.selvage.data.Category;
import dev.selvage.predict.View;
import dev.selvage.runtime.NativeLibraries;
import dev.selvage.tune.Tuned;
import dev.selvage.util.ContentHash;
import dev.selvage.util.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Finds garments in photos with Spark, on the CPUs of its executors.
 *
 * <pre>{@code
 * SparkPredictor predictor = SparkPredictor.of(spark, List.of("--weights", "mask_rcnn.h5"));
 * Dataset<Row> found = predictor.predict(spark.read().format("binaryFile").load("photos/*.jpg"));
 * }</pre>
 *
 * <p>A row is an object, with the columns {@code image} (the photo's path), {@code category_id},
 * {@code category}, {@code score}, {@code box} (x, y, width, height in pixels), {@code
 * segmentation} (COCO's compressed run lengths: size, counts) and {@code error}. A photo in which
 * nothing is found has one row with nothing but its path. A photo that cannot be used has one row
 * with its path and an error.
 */
public final class SparkPredictor {
  static {
    NativeLibraries.liftMemoryLimits();
  }

  private final ModelPlan plan;
  private final List<BroadcastFile> weights;
  private final Configuration hadoop;

  private SparkPredictor(ModelPlan plan, List<BroadcastFile> weights, Configuration hadoop) {
    this.plan = plan;
    this.weights = weights;
    this.hadoop = hadoop;
  }

  /**
   * Chooses a model, checks that it can be loaded, and hands its files to Spark.
   *
   * @param options those of {@code predict} that are about the model, such as {@code --weights W},
   *     {@code --set KEY=VALUE}, {@code --tuned FILE} and {@code --views LIST}. Files may also be
   *     URIs that Hadoop reads.
   * @throws UserError an option is wrong, or a file is missing or damaged
   */
  public static SparkPredictor of(SparkSession spark, List<String> options) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    return of(spark, PredictOptions.parseModel(options, hadoop));
  }

  static SparkPredictor of(SparkSession spark, CommandLine line) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    TrainedModels models = TrainedModels.find(line);
    Optional<Tuned> tuned = models.tuned(line, models::categories);
    List<View> views = TrainedModels.views(line, tuned);
    List<Config> configs = models.configs();
    NativeLibraries.COMPUTE.unpack();
    models.load(configs).close(); // here a damaged file is one sentence
    ModelPlan plan =
        new ModelPlan(
            models.all().stream().map(model -> ContentHash.of(model.file())).toList(),
            configs.stream().map(config -> ConfigWriter.toJson(config, Map.of())).toList(),
            models.categories(),
            views,
            tuned.map(Tuned::rules).orElse(null));
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<BroadcastFile> weights =
        models.all().stream().map(model -> BroadcastFile.of(model.file(), context)).toList();
    return new SparkPredictor(plan, weights, hadoop);
  }

  /** The categories that the model knows, in class order. */
  public List<String> categories() {
    return plan.categories().stream().map(Category::name).toList();
  }

  /**
   * Finds the garments in photos, when the rows are asked for. The partitions of the photos stay:
   * one of some hundred photos keeps an executor busy for a minute or so, and is what is computed
   * again if it is lost. The rows of a photo do not depend on its partition.
   *
   * @param photos with a column {@code path} of URIs, and perhaps a column {@code content} with the
   *     bytes of their files; without it executors read the files. {@code binaryFile} has both.
   * @throws UserError there is no such column, or it is of another type
   */
  public Dataset<Row> predict(Dataset<Row> photos) {
    requireColumn(photos, "path", DataTypes.StringType, "photos");
    boolean read = Arrays.asList(photos.columns()).contains("content");
    if (read) {
      requireColumn(photos, "content", DataTypes.BinaryType, "photos");
    }
    return (read ? photos.select("path", "content") : photos.select("path"))
        .mapPartitions(
            new PhotoTask(plan, weights, new SerializableConfiguration(hadoop)),
            Encoders.row(DetectionRows.SCHEMA));
  }

  /**
   * Refuses rows without a column, or with one of another type.
   *
   * @param rows named by the last argument in messages
   */
  static void requireColumn(Dataset<Row> rows, String column, DataType type, String name) {
    List<String> columns = Arrays.asList(rows.columns());
    if (!columns.contains(column)) {
      throw new UserError(
          "%s: expected a column %s of type %s, found %s"
              .formatted(
                  name,
                  column,
                  type.simpleString(),
                  columns.isEmpty() ? "none" : String.join(", ", columns)));
    }
    DataType found = rows.schema().apply(column).dataType();
    if (!found.equals(type)) {
      throw new UserError(
          "%s: expected a column %s of type %s, found %s"
              .formatted(name, column, type.simpleString(), found.simpleString()));
    }
  }
}
