package dev.selvage.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun;
import dev.selvage.runtime.NativeLibraries;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A tiny model, photos in folders below each other, and what {@code predict} finds in them. */
final class TinyPhotos {
  /** Photos that cannot be decoded. */
  static final Set<String> BROKEN = Set.of("empty.png", "noise.jpg");

  private static final List<String> NAMES =
      List.of("a photo.png", "Rock und Blusé – 服.png", "_MG_1.png", "3.png", "4.png", "5.png");
  private static final String INNER = "sub/50% [x]";

  final Path run;
  final Path photos;

  TinyPhotos(Path folder) throws IOException {
    NativeLibraries.liftMemoryLimits();
    NativeLibraries.COMPUTE.unpack();
    NativeLibraries.PHOTOS.unpack();
    run = new TinyRun(folder).run;
    photos = Files.createDirectories(folder.resolve("photos"));
    Path inner = Files.createDirectories(photos.resolve(INNER));
    int seed = 0;
    for (String name : NAMES) {
      write(photos.resolve(name), seed++);
      write(inner.resolve("inner " + name), seed++);
    }
    for (String name : BROKEN) {
      Files.writeString(photos.resolve(name), name.startsWith("empty") ? "" : "no photo");
    }
    Files.writeString(photos.resolve("notes.txt"), "left out");
  }

  private static void write(Path file, int seed) throws IOException {
    BufferedImage image = new BufferedImage(70, 50, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    for (int i = 0; i < 5; i++) {
      graphics.setColor(new Color(Math.floorMod((seed + 1) * (i + 7) * 7919L, 1 << 24)));
      graphics.fillRect(i * 13, (seed * 5 + i * 11) % 40, 12 + seed, 30);
    }
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
  }

  /** The URIs of all photos. */
  List<String> listed(SparkSession spark) {
    return PhotoListing.of(photos.toString(), spark.sparkContext().hadoopConfiguration()).photos();
  }

  /** Whether a line of {@link #predicted} is about a photo that lies in no folder below. */
  static boolean isOuter(String line) {
    return !line.startsWith("inner ");
  }

  /** The weight file. */
  String weights() {
    return run.resolve("mask_rcnn_tiny_0001.h5").toString();
  }

  /** What the command line finds: a line for each object. */
  Set<String> predicted(Path folder) throws IOException {
    Set<String> lines = new TreeSet<>();
    for (Path photoFolder : List.of(photos, photos.resolve(INNER))) {
      Path out = folder.resolve("predicted " + photoFolder.getFileName());
      TinyRun.Outcome outcome =
          TinyRun.call(
              "predict",
              "--weights",
              weights(),
              "--images",
              photoFolder.toString(),
              "--out",
              out.toString(),
              "--no-pictures",
              "--device",
              "cpu");
      assertEquals(0, outcome.code(), outcome.err());
      for (JsonNode found : new ObjectMapper().readTree(out.resolve("detections.json").toFile())) {
        List<Double> box = new ArrayList<>();
        found.get("bbox").forEach(edge -> box.add(edge.asDouble()));
        JsonNode mask = found.get("segmentation");
        lines.add(
            "%s %d %s %s %s %s %s"
                .formatted(
                    found.get("file_name").asText(),
                    found.get("category_id").asInt(),
                    found.get("category_name").asText(),
                    (float) found.get("score").asDouble(),
                    box,
                    List.of(mask.get("size").get(0).asInt(), mask.get("size").get(1).asInt()),
                    mask.get("counts").asText()));
      }
    }
    return lines;
  }

  /** The same of rows that were computed by Spark; checks that each broken photo has its row. */
  static Set<String> found(Dataset<Row> rows) {
    Set<String> lines = new TreeSet<>();
    Set<String> broken = new TreeSet<>();
    Set<String> photos = new TreeSet<>();
    for (Row row : rows.collectAsList()) {
      String image = row.getString(0);
      String name = image.substring(image.lastIndexOf('/') + 1);
      photos.add(name);
      if (!row.isNullAt(6)) {
        broken.add(name);
        assertEquals("is no JPEG, PNG, WebP, BMP, TIFF or GIF", row.getString(6));
      } else if (!row.isNullAt(1)) {
        Row box = row.getStruct(4);
        Row mask = row.getStruct(5);
        boolean isNew =
            lines.add(
                "%s %d %s %s %s %s %s"
                    .formatted(
                        name,
                        row.getInt(1),
                        row.getString(2),
                        row.getFloat(3),
                        List.of(
                            box.getDouble(0), box.getDouble(1), box.getDouble(2), box.getDouble(3)),
                        mask.getList(0),
                        mask.getString(1)));
        assertEquals(true, isNew, "a row is there twice");
      }
    }
    assertEquals(new TreeSet<>(BROKEN), broken);
    assertEquals(2 * NAMES.size() + BROKEN.size(), photos.size());
    return lines;
  }
}
