package dev.selvage.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command and the API on two threads of this process. */
class PredictTest {
  @TempDir private static Path folder;

  private static TinyPhotos tiny;
  private static Set<String> expected;

  @BeforeAll
  static void prepare() throws IOException {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.ui.enabled", "false");
    System.setProperty("spark.sql.shuffle.partitions", "2");
    tiny = new TinyPhotos(folder);
    expected = tiny.predicted(folder);
    assertFalse(expected.isEmpty());
  }

  @AfterAll
  static void forget() {
    List.of("spark.master", "spark.ui.enabled", "spark.sql.shuffle.partitions")
        .forEach(System::clearProperty);
  }

  private static SparkSession session() {
    return SparkSession.builder().getOrCreate();
  }

  /** Exit code, and what the command said. */
  private record Said(int code, String text) {}

  private static Said call(String... words) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream both = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(both);
      System.setErr(both);
      return new Said(Predict.run(words), bytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void theRowsAreThoseOfPredict() throws IOException {
    String out = folder.resolve("rows of photos").toString();
    Said said = call("--weights", tiny.weights(), "--images", tiny.photos.toString(), "--out", out);
    assertEquals(0, said.code, said.text);
    assertTrue(
        said.text.contains("%d objects in 12 photos (2 broken)".formatted(expected.size())),
        said.text);
    assertTrue(said.text.contains("1 file is left out"), said.text);
    try (SparkSession spark = session()) {
      assertEquals(expected, TinyPhotos.found(spark.read().parquet(out)));
    }
  }

  @Test
  void aTableNamesPhotos() throws IOException {
    Path table = folder.resolve("table.csv");
    try (Stream<Path> files = Files.walk(tiny.photos)) {
      List<String> lines =
          files
              .filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".txt"))
              .map(file -> "\"" + file + "\",1")
              .toList();
      Files.writeString(table, "where is it,other\n" + String.join("\n", lines) + "\n");
    }
    Path out = folder.resolve("rows of table");
    Said said =
        call(
            "--weights",
            tiny.weights(),
            "--table",
            table.toString(),
            "--column",
            "where is it",
            "--out",
            out.toString(),
            "--format",
            "json");
    assertEquals(0, said.code, said.text);
    try (SparkSession spark = session()) {
      assertEquals(
          expected,
          TinyPhotos.found(spark.read().schema(DetectionRows.SCHEMA).json(out.toString())));
    }
  }

  @Test
  void anyTableOfPhotosCanBeUsed() throws IOException {
    try (SparkSession spark = session()) {
      SparkPredictor predictor = SparkPredictor.of(spark, List.of("--weights", tiny.weights()));
      assertEquals(List.of("shirt, blouse", "pants", "shoe"), predictor.categories());
      Dataset<Row> paths = paths(spark, tiny.listed(spark));
      assertEquals(expected, TinyPhotos.found(predictor.predict(paths.repartition(3))));
      Dataset<Row> contents =
          spark
              .read()
              .format("binaryFile")
              .load(tiny.photos + "/*.png") // which leaves _MG_1.png out
              .withColumn("path", functions.lit("unknown"));
      assertEquals(
          expected.stream().filter(TinyPhotos::isOuter).filter(l -> !l.startsWith("_")).count(),
          predictor.predict(contents).filter("category IS NOT NULL").count());
      List<String> gone = List.of(folder.resolve("gone.png").toString(), "");
      List<Row> rows = predictor.predict(paths(spark, gone)).collectAsList();
      assertEquals(2, rows.size());
      rows.forEach(row -> assertTrue(row.getString(6).startsWith("cannot be opened"), "" + row));
    }
  }

  private static Dataset<Row> paths(SparkSession spark, List<String> paths) {
    return spark.createDataset(paths, Encoders.STRING()).toDF("path");
  }

  @Test
  void badInputIsOneSentenceAndExitCode2() {
    Said said = call("--photos", "x");
    assertEquals(2, said.code, said.text);
    assertTrue(said.text.startsWith("selvage: predict: unknown option --photos"), said.text);
    assertEquals(1, said.text.lines().count(), said.text);
  }

  @Test
  void badInputNamesWhatWasFound() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    Path table = Files.writeString(folder.resolve("other.csv"), "photo\nx.jpg\n");
    String photos = tiny.photos.toString();
    try (SparkSession spark = session()) {
      refuses(spark, "option --images: expected this or --table, found none of them");
      refuses(
          spark,
          "--out: expected a folder that is not there yet, found one at " + empty,
          "--images",
          photos,
          "--out",
          empty.toString());
      refuses(spark, "found none in " + empty, "--images", empty.toString());
      refuses(spark, "found none in " + photos + "/*.gif", "--images", photos + "/*.gif");
      refuses(
          spark,
          "--table: expected a column path of type string, found photo",
          "--table",
          table.toString(),
          "--column",
          "path");
      refuses(
          spark,
          "option --tuned: expected a file, found that file:/none.json cannot be read",
          "--images",
          photos,
          "--tuned",
          "file:/none.json");
      assertEquals(
          "option --images: expected options about the model alone",
          assertThrows(UserError.class, () -> SparkPredictor.of(spark, List.of("--images", photos)))
              .getMessage());
    }
    assertFalse(Files.exists(folder.resolve("none")));
  }

  private static void refuses(SparkSession spark, String sentence, String... words) {
    List<String> all = new ArrayList<>(List.of("--weights", tiny.weights()));
    all.addAll(List.of(words));
    if (!all.contains("--out")) {
      all.addAll(List.of("--out", folder.resolve("none").toString()));
    }
    String message = assertThrows(UserError.class, () -> Predict.run(spark, all)).getMessage();
    assertTrue(message.contains(sentence), message);
  }
}
