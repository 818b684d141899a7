package dev.selvage.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two executors that are processes, on one machine. */
class ClusterTest {
  private static final String MASTER = "local-cluster[2,1,1024]";
  private static final String SHORT_LIFE =
      "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote";
  private static final String JAR = System.getProperty("selvage.jar");

  private static final StructType PATHS = new StructType().add("path", DataTypes.StringType);

  @TempDir private static Path folder;

  private static TinyPhotos tiny;
  private static Set<String> expected;

  @BeforeAll
  static void prepare() throws IOException {
    tiny = new TinyPhotos(folder);
    expected = tiny.predicted(folder);
  }

  /** The executors unpack the native libraries into one empty folder at the same time. */
  @Test
  void sparkSubmitGivesTheRowsOfPredict() throws IOException, InterruptedException {
    Path cache = folder.resolve("cache");
    Path out = folder.resolve("rows");
    List<String> command = new ArrayList<>(List.of(java(), "-Xmx1g"));
    String home = System.getenv("SPARK_HOME");
    command.addAll(List.of("-cp", home + "/jars/*", "org.apache.spark.deploy.SparkSubmit"));
    command.addAll(List.of("--master", MASTER, "--conf", "spark.ui.enabled=false"));
    command.addAll(List.of("--conf", "spark.executorEnv.SELVAGE_CACHE=" + cache));
    command.addAll(List.of("--class", "dev.selvage.spark.Predict", JAR));
    command.addAll(
        List.of("--weights", tiny.weights(), "--images", tiny.photos.toUri().toString()));
    command.addAll(List.of("--out", out.toString(), "--format", "json"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("JAVA_TOOL_OPTIONS", options());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    assertTrue(said.contains(expected.size() + " objects in 12 photos (2 broken)"), said);
    try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
      assertEquals(
          expected,
          TinyPhotos.found(spark.read().schema(DetectionRows.SCHEMA).json(out.toString())));
    }
    try (Stream<Path> inside = Files.walk(cache)) {
      List<String> names = inside.map(file -> file.getFileName().toString()).toList();
      assertTrue(names.contains("libselvage.so"), names.toString());
      assertTrue(names.stream().noneMatch(name -> name.endsWith(".part")), names.toString());
    }
  }

  @Test
  void anExecutorThatDiesChangesNothing() throws IOException {
    Path died = folder.resolve("died");
    try (SparkSession spark =
        SparkSession.builder()
            .master(MASTER)
            .config("spark.ui.enabled", "false")
            .config("spark.jars", JAR)
            .config("spark.executor.extraClassPath", classes())
            .config("spark.executor.extraJavaOptions", SHORT_LIFE)
            .getOrCreate()) {
      SparkPredictor predictor = SparkPredictor.of(spark, List.of("--weights", tiny.weights()));
      Dataset<Row> paths =
          spark
              .createDataset(tiny.listed(spark), Encoders.STRING())
              .toDF("path")
              .coalesce(2)
              .mapPartitions(new DyingOnce(died.toString()), Encoders.row(PATHS));
      assertEquals(expected, TinyPhotos.found(predictor.predict(paths)));
      assertTrue(Files.exists(died));
    }
  }

  /** Ends its process in the middle of a partition, the first time. */
  private record DyingOnce(String mark) implements MapPartitionsFunction<Row, Row> {
    private static final long serialVersionUID = 1L;
    private static final int PHOTOS = 5;

    @Override
    public Iterator<Row> call(Iterator<Row> photos) {
      boolean first = TaskContext.get().attemptNumber() == 0 && TaskContext.getPartitionId() == 0;
      return new Iterator<>() {
        private int given;

        @Override
        public boolean hasNext() {
          return photos.hasNext();
        }

        @Override
        public Row next() {
          if (first && given++ == PHOTOS) {
            die();
          }
          return photos.next();
        }
      };
    }

    private void die() {
      try {
        Files.createFile(Path.of(mark));
      } catch (IOException e) {
        throw new IllegalStateException("it died before", e);
      }
      Runtime.getRuntime().halt(1);
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The classes of these tests. */
  private static String classes() {
    return Path.of(ClusterTest.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .toString();
  }

  /** Of all processes. */
  private static String options() {
    return Stream.of(
            "java.lang",
            "java.lang.invoke",
            "java.io",
            "java.net",
            "java.nio",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            "sun.nio.ch",
            "sun.nio.cs",
            "sun.security.action",
            "sun.util.calendar")
        .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED")
        .reduce(SHORT_LIFE, (a, b) -> a + " " + b);
  }
}
