package dev.selvage.data.coco;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.data.Instance;
import dev.selvage.data.image.PhotoFolder;
import dev.selvage.mask.CocoRle;
import dev.selvage.mask.KaggleRle;
import dev.selvage.mask.Polygons;
import dev.selvage.mask.Rle;
import dev.selvage.util.Fuzz;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged annotation file is refused with its name, or says what a plain look at it says. */
class CocoDatasetFuzzTest {
  private static final int HEIGHT = 6;
  private static final int WIDTH = 10;
  private static final Rle RUNS = KaggleRle.read("5 4 20 2", HEIGHT, WIDTH);
  private static final String JSON =
      """
      {"info": {"year": 2017, "x": [1]},
       "images": [{"id": 70, "file_name": "b.png", "height": 6, "width": 10, "note": "\u00e9"},
        {"id": 5, "file_name": "a.png", "height": 6, "width": 10}],
       "annotations": [
        {"id": 1, "image_id": 70, "category_id": 90, "iscrowd": 0,
         "segmentation": [[1, 1, 8.5, 1, 8, 5], [2, 3, 4, 3, 4, 5]]},
        {"segmentation": {"size": [6, 10], "counts": [4, 4, 11, 2, 39]},
         "id": 2, "image_id": 70, "category_id": 3, "iscrowd": 1},
        {"id": 3, "image_id": 5, "category_id": 3,
         "segmentation": {"size": [6, 10], "counts": "@"}}],
       "categories": [{"id": 90, "name": "skirt"}, {"id": 3, "name": "coat", "supercategory": "x"}]}
      """;

  @TempDir Path dir;

  @Test
  void annotations() throws IOException {
    Path photos = Files.createDirectory(dir.resolve("photos"));
    for (String name : List.of("a.png", "b.png")) {
      ImageIO.write(
          new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB),
          "png",
          photos.resolve(name).toFile());
    }
    Path file = dir.resolve("instances_some.json");
    String text = JSON.replace("@", CocoRle.write(RUNS).replace("\\", "\\\\"));
    Fuzz.file(
        file,
        text.getBytes(StandardCharsets.UTF_8),
        true,
        bytes -> {
          CocoDataset read = CocoDataset.open(file, photos);
          JsonNode plain = new ObjectMapper().readTree(bytes);
          PhotoFolder folder = new PhotoFolder(photos);
          SortedMap<String, List<JsonNode>> images = new TreeMap<>();
          for (JsonNode image : plain.get("images")) {
            String name = folder.find(image.get("file_name").asText()).orElseThrow().name();
            images.computeIfAbsent(name, n -> new ArrayList<>()).add(image);
          }
          assertEquals(plain.get("categories").size(), read.categories().size());
          assertEquals(images.size(), read.size());
          int annotations = 0;
          int imageIndex = 0;
          for (Map.Entry<String, List<JsonNode>> photo : images.entrySet()) {
            assertEquals(photo.getKey(), read.fileName(imageIndex));
            annotations += compare(plain, photo.getValue(), read, imageIndex++);
          }
          assertEquals(plain.get("annotations").size(), annotations);
        });
  }

  private static int compare(
      JsonNode plain, List<JsonNode> images, CocoDataset read, int imageIndex) {
    for (JsonNode said : images) {
      assertEquals(said.get("height").asInt(), read.height(imageIndex));
      assertEquals(said.get("width").asInt(), read.width(imageIndex));
    }
    // what was taken up must not be refused now
    List<Instance> instances = assertDoesNotThrow(() -> read.instances(imageIndex));
    int at = 0;
    for (JsonNode annotation : plain.get("annotations")) {
      long imageId = annotation.get("image_id").asLong();
      if (images.stream().anyMatch(said -> said.get("id").asLong() == imageId)) {
        Instance instance = instances.get(at++);
        assertEquals(
            annotation.get("category_id").asInt(),
            read.categories().get(instance.classId() - 1).id());
        assertEquals(annotation.path("iscrowd").asInt(0) == 1, instance.crowd());
        assertEquals(mask(annotation.get("segmentation")), instance.mask());
      }
    }
    assertEquals(at, instances.size());
    return at;
  }

  private static Rle mask(JsonNode said) {
    if (said.isArray()) {
      List<double[]> polygons = new ArrayList<>();
      for (JsonNode list : said) {
        double[] polygon = new double[list.size()];
        Arrays.setAll(polygon, i -> list.get(i).asDouble());
        if (polygon.length > 4) { // a line is left out
          polygons.add(polygon);
        }
      }
      return Polygons.rasterise(polygons, HEIGHT, WIDTH);
    }
    JsonNode counts = said.get("counts");
    if (counts.isTextual()) {
      return CocoRle.read(counts.textValue(), HEIGHT, WIDTH);
    }
    int[] runs = new int[counts.size()];
    Arrays.setAll(runs, i -> counts.get(i).asInt());
    int sum = Arrays.stream(runs).sum();
    if (sum < HEIGHT * WIDTH) {
      assertEquals(0, runs.length % 2); // only a last run of zeros may be missing
      runs = Arrays.copyOf(runs, runs.length + 1);
      runs[runs.length - 1] = HEIGHT * WIDTH - sum;
    }
    return new Rle(HEIGHT, WIDTH, runs);
  }
}
