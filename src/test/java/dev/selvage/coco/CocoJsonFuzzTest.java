package dev.selvage.coco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.mask.CocoRle;
import dev.selvage.mask.KaggleRle;
import dev.selvage.util.Fuzz;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COCO's files, damaged, are refused with their name or hold what a plain look at them gives. */
class CocoJsonFuzzTest {
  private static final String TRUTH =
      """
      {"images": [{"id": 7, "file_name": "a.jpg", "height": 20, "width": 30},
        {"id": 900, "file_name": "b.jpg", "height": 16, "width": 12}],
       "categories": [{"id": 3, "name": "coat"}, {"id": 44, "name": "shoe"}],
       "annotations": [
        {"id": 1, "image_id": 7, "category_id": 3, "iscrowd": 0, "area": 80.5,
         "bbox": [2, 3, 10, 8], "segmentation": [[2, 3, 12, 3, 12, 11, 2, 11.5]]},
        {"id": 2, "image_id": 900, "category_id": 44, "iscrowd": 1,
         "segmentation": {"size": [16, 12], "counts": [10, 20, 30, 40, 92]}},
        {"id": 3, "image_id": 900, "category_id": 3,
         "segmentation": {"size": [16, 12], "counts": "@"}}]}
      """;
  private static final String RESULTS =
      """
      [{"image_id": 7, "category_id": 3, "score": 0.75, "bbox": [2, 3, 10, 8]},
       {"image_id": 1, "file_name": "a.jpg", "category_id": 44, "score": 0.25, "bbox": [1, 2, 9, 8]},
       {"image_id": 0, "file_name": "b.jpg", "category_id": 3, "score": 0.125,
        "segmentation": {"size": [16, 12], "counts": [10, 20, 30, 40, 92]}},
       {"image_id": 900, "category_id": 44, "score": 0.5,
        "segmentation": {"size": [16, 12], "counts": "@"}}]
      """;

  @TempDir Path dir;

  @Test
  void truths() {
    Path file = dir.resolve("truth.json");
    Fuzz.file(
        file,
        filled(TRUTH).getBytes(StandardCharsets.UTF_8),
        true,
        bytes -> {
          CocoAnnotations truth = CocoAnnotations.open(file);
          JsonNode plain = new ObjectMapper().readTree(bytes);
          assertEquals(plain.get("images").size(), truth.images().size());
          assertEquals(plain.get("categories").size(), truth.categories().size());
          int annotations = 0;
          for (CocoImage image : truth.images()) {
            List<Instance> instances = truth.instances(image);
            int at = 0;
            for (JsonNode said : plain.get("annotations")) {
              if (said.get("image_id").asLong() == image.id()) {
                Instance read = instances.get(at++);
                assertEquals(said.get("category_id").asInt(), categoryId(truth, read.classId()));
                assertEquals(image.size().height(), read.mask().height());
                assertEquals(image.size().width(), read.mask().width());
                if (said.path("area").isNumber()) {
                  assertEquals(said.get("area").asDouble(), read.area());
                }
              }
            }
            assertEquals(at, instances.size());
            annotations += at;
          }
          assertEquals(plain.get("annotations").size(), annotations);
        });
  }

  @Test
  void results() throws Exception {
    Path truthFile = Files.writeString(dir.resolve("truth.json"), filled(TRUTH));
    CocoAnnotations truth = CocoAnnotations.open(truthFile);
    Path file = dir.resolve("results.json");
    Fuzz.file(
        file,
        filled(RESULTS).getBytes(StandardCharsets.UTF_8),
        true,
        bytes -> {
          Map<Long, List<Detection>> found = CocoResults.read(file, truth, warning -> {});
          JsonNode plain = new ObjectMapper().readTree(bytes);
          assertEquals(plain.size(), found.values().stream().mapToInt(List::size).sum());
          for (JsonNode said : plain) {
            assertTrue(
                found.get(imageId(said)).stream()
                    .anyMatch(
                        d ->
                            categoryId(truth, d.classId()) == said.get("category_id").asInt()
                                && d.score() == said.get("score").asDouble()));
          }
        });
  }

  /** The truth's id: that of the photo that a result names, else the one that it states. */
  private static long imageId(JsonNode result) {
    JsonNode name = result.path("file_name");
    return !name.isTextual()
        ? result.get("image_id").asLong()
        : Map.of("a.jpg", 7L, "b.jpg", 900L).get(name.asText().replaceFirst(".*[/\\\\]", ""));
  }

  private static int categoryId(CocoAnnotations truth, int classId) {
    return truth.categories().get(classId - 1).id();
  }

  private static String filled(String text) {
    return text.replace("@", CocoRle.write(KaggleRle.read("5 20 60 9 100 50", 16, 12)));
  }
}
