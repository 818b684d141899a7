package dev.selvage.spark;

import dev.selvage.cli.options.Arguments;
import dev.selvage.util.UserError;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The photos of {@code --images} or {@code --table}.
 *
 * @param rows with one column, {@code path}
 * @param count how many there are
 */
record PhotoTable(Dataset<Row> rows, long count) {
  /** Photos of a partition, where there are enough of them. */
  private static final int PHOTOS = 256;

  /** Partitions for each core, where there are enough photos: a slow one then delays little. */
  private static final int PARTITIONS = 4;

  /**
   * The photos in partitions that suit the cluster.
   *
   * @throws UserError there is no photo, or no such table or column
   */
  static PhotoTable of(SparkSession spark, CommandLine line) {
    Arguments.requireTogether(line, "table", "column");
    Arguments.requireTogether(line, "column", "table");
    if (line.hasOption("images") == line.hasOption("table")) {
      throw new UserError(
          "option --images: expected this or --table, found %s"
              .formatted(line.hasOption("images") ? "both" : "none of them"));
    }
    return line.hasOption("images")
        ? listed(spark, line.getOptionValue("images"))
        : read(spark, line.getOptionValue("table"), line.getOptionValue("column"));
  }

  private static PhotoTable listed(SparkSession spark, String images) {
    PhotoListing listing = PhotoListing.of(images, spark.sparkContext().hadoopConfiguration());
    listing.leftOut().ifPresent(sentence -> System.err.println("selvage: " + sentence));
    List<String> photos = listing.photos();
    JavaRDD<String> parts =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(photos, partitions(spark, photos.size()));
    return new PhotoTable(
        spark.createDataset(parts.rdd(), Encoders.STRING()).toDF("path"), photos.size());
  }

  private static PhotoTable read(SparkSession spark, String table, String column) {
    DataFrameReader reader = spark.read();
    String name = table.toLowerCase(Locale.ROOT);
    Dataset<Row> rows;
    try {
      rows =
          name.endsWith(".csv")
              ? reader.option("header", "true").csv(table)
              : name.endsWith(".json") ? reader.json(table) : reader.parquet(table);
    } catch (Exception e) { // Spark's own, which it does not declare
      throw new UserError(
          "--table: expected a table in CSV, JSON or Parquet, found that %s cannot be read (%s)"
              .formatted(table, e.getMessage().lines().findFirst().orElse("")),
          e);
    }
    SparkPredictor.requireColumn(rows, column, DataTypes.StringType, "--table");
    Dataset<Row> photos = rows.select(functions.col("`" + column + "`").as("path"));
    long count = photos.count();
    if (count == 0) {
      throw new UserError("--table: expected at least one photo, found none in " + table);
    }
    return new PhotoTable(photos.repartition(partitions(spark, count)), count);
  }

  private static int partitions(SparkSession spark, long photos) {
    long least = (long) PARTITIONS * spark.sparkContext().defaultParallelism();
    return (int) Math.min(photos, Math.max(least, (photos + PHOTOS - 1) / PHOTOS));
  }
}
