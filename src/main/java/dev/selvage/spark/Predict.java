package dev.selvage.spark;

import dev.selvage.cli.command.CommandParser;
import dev.selvage.cli.command.HelpText;
import dev.selvage.util.UserError;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * {@code spark-submit --class dev.selvage.spark.Predict selvage.jar}: detections of photos as rows.
 * Exit codes: 0 done, 2 bad input, 1 a fault of the program or of the cluster.
 */
public final class Predict {
  private static final int BAD_INPUT = 2;

  private Predict() {}

  /** Runs the command, and exits with its code if it fails. */
  public static void main(String[] words) {
    // under the POSIX locale Java would write ? for every other character
    System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
    int code = run(words);
    if (code != 0) {
      System.exit(code);
    }
  }

  /** Runs the command and returns the exit code. */
  static int run(String... arguments) {
    List<String> words = List.of(arguments);
    if (words.contains("--help")) {
      System.out.print(HelpText.of(new PredictOptions()));
      return 0;
    }
    try {
      CommandParser.parse(new PredictOptions(), words); // before Spark starts, which takes seconds
      try (SparkSession spark = SparkSession.builder().appName("Selvage").getOrCreate()) {
        run(spark, words);
      }
      return 0;
    } catch (UserError e) {
      System.err.println("selvage: " + e.getMessage());
      return BAD_INPUT;
    }
  }

  static void run(SparkSession spark, List<String> words) {
    long begin = System.nanoTime();
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    CommandLine line = PredictOptions.parse(words, hadoop);
    String out = PredictOptions.out(line, hadoop);
    String format = PredictOptions.format(line);
    SparkPredictor predictor = SparkPredictor.of(spark, line);
    PhotoTable photos = PhotoTable.of(spark, line);
    write(predictor.predict(photos.rows()), format, out);
    Row found =
        spark
            .read()
            .schema(DetectionRows.SCHEMA)
            .format(format)
            .load(out)
            .agg(functions.count("category"), functions.count("error"))
            .head();
    long broken = found.getLong(1);
    long good = photos.count() - broken;
    System.out.printf(
        Locale.ROOT,
        "%d objects in %d photos (%d broken), %.2f photos/s%n%s%n",
        found.getLong(0),
        good,
        broken,
        good / ((System.nanoTime() - begin) / 1e9),
        out);
  }

  /** Spark gives the folder its {@code _SUCCESS} when all rows are in it. */
  private static void write(Dataset<Row> rows, String format, String out) {
    try {
      rows.write().format(format).save(out);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) { // Spark's own, which it does not declare
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof UserError sentence) {
          throw sentence;
        }
      }
      throw new IllegalStateException("Spark could not write " + out, e);
    }
  }
}
