package dev.selvage.coco;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.ImageDetections;
import dev.selvage.eval.CocoDetection;
import dev.selvage.eval.CocoImage;
import dev.selvage.eval.CocoTruth;
import dev.selvage.eval.GroundTruthObject;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CocoJsonTest {
  private static final String TRUTH =
      """
      {"images": [{"id": 9, "file_name": "b.jpg", "height": 4, "width": 3},
                  {"id": 5, "file_name": "a.jpg", "height": 2, "width": 2}],
       "annotations": [
         {"id": 1, "image_id": 9, "category_id": 30, "iscrowd": 0, "area": 5.5, "bbox": [1, 1, 2, 2],
          "segmentation": [[1, 1, 3, 1, 3, 3, 1, 3]]},
         {"id": 2, "image_id": 9, "category_id": 7, "iscrowd": 1,
          "segmentation": {"size": [4, 3], "counts": [4, 8]}}],
       "categories": [{"id": 30, "name": "bag"}, {"id": 7, "name": "shoe"}]}
      """;

  private static final String RESULT =
      """
      [{"image_id": 9, "category_id": 7, "score": 0.5,
        "segmentation": {"size": [4, 3], "counts": "422"}}]
      """;

  @TempDir Path folder;

  @Test
  void readsPolygonsRunLengthsAndCrowds() {
    CocoTruth truth = CocoJson.readTruth(file("truth.json", TRUTH));
    assertEquals(
        List.of(new Category(7, "shoe", ""), new Category(30, "bag", "")), truth.categories());
    assertEquals(List.of(5L, 9L), truth.images().stream().map(CocoImage::id).toList());
    GroundTruthObject bag = truth.images().get(1).truths().get(0);
    assertEquals(5.5, bag.area());
    assertArrayEquals(new double[] {1, 1, 2, 2}, bag.box());
    assertEquals(new Rle(4, 3, new int[] {5, 2, 2, 2, 1}), bag.mask());
    GroundTruthObject shoe = truth.images().get(1).truths().get(1);
    assertTrue(shoe.crowd());
    assertEquals(8, shoe.area());
    assertArrayEquals(new double[] {1, 0, 2, 4}, shoe.box());
  }

  @Test
  void writtenDetectionsAreReadBack() throws IOException {
    CocoTruth truth = CocoJson.readTruth(file("truth.json", TRUTH));
    Path file = folder.resolve("detections.json");
    Rle mask = new Rle(4, 3, new int[] {5, 2, 2, 2, 1});
    Detection found = new Detection(2, 0.75f, new double[] {1.25, 0.5, 2, 3}, mask);
    try (DetectionsJson out =
        new DetectionsJson(file, List.of(truth.categories().get(1), truth.categories().get(0)))) {
      out.add(new ImageDetections(5, "a.jpg", List.of()));
      out.add(new ImageDetections(9, "b.jpg", List.of(found, found)));
      assertFalse(Files.exists(file));
      out.finish();
    }
    Map<Long, List<CocoDetection>> read = CocoJson.readResults(file, truth);
    assertEquals(Set.of(9L), read.keySet());
    assertEquals(2, read.get(9L).size());
    CocoDetection detection = read.get(9L).get(0);
    assertEquals(7, detection.categoryId());
    assertEquals(0.75, detection.score());
    assertArrayEquals(found.box(), detection.box());
    assertEquals(6, detection.area());
    assertEquals(mask, detection.mask());
    assertTrue(
        Files.readString(file)
            .contains("\"file_name\":\"b.jpg\",\"category_id\":7,\"category_name\":\"shoe\""));
  }

  @Test
  void unfinishedDetectionsLeaveNothing() throws IOException {
    try (DetectionsJson out =
        new DetectionsJson(folder.resolve("d.json"), List.of(new Category(1, "a", "")))) {
      out.add(new ImageDetections(1, "a.jpg", List.of()));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
    Path nowhere = folder.resolve("missing/d.json");
    String message =
        assertThrows(UserError.class, () -> new DetectionsJson(nowhere, List.of())).getMessage();
    assertTrue(message.contains("missing/d.json"), message);
  }

  /** Each complaint names the file, the line and what was found. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"id\": 9,|\"id\": 5,|line 2, entry 2: expected every image id once, found 5",
        "\"category_id\": 30|\"category_id\": 31|line 4, entry 1: expected \"category_id\" to be one of the 2 categories, found 31",
        "\"image_id\": 9, \"category_id\": 7|\"image_id\": 6, \"category_id\": 7|line 6, entry 2: expected \"image_id\"",
        "[1, 1, 2, 2]|[1, 1, 2]|line 4, entry 1: expected \"bbox\" to be 4 numbers, found [1,1,2]",
        "[4, 8]|[4, 7]|line 6, entry 2: run lengths of a 4 x 3 mask",
        "\"size\": [4, 3]|\"size\": [3, 4]|segmentation size must be the photo's, [4,3], found [3,4]",
        "3, 1, 3, 3, 1, 3]|3, 1, 3]|polygon of at least 3 points",
        "\"area\": 5.5|\"area\": \"big\"|expected \"area\" to be a number, found \"big\"",
        "\"height\": 4, ||expected \"height\" to be a whole number, found no such field",
        "\"categories\"|\"kinds\"|expected the array \"categories\"",
        "\"name\": \"shoe\"}]}|\"name\": \"shoe\"|expected valid JSON"
      })
  void refusesBrokenTruth(String from, String to, String reason) {
    String text = TRUTH.replaceFirst(Pattern.quote(from), to == null ? "" : to);
    Path broken = file("broken.json", text);
    String message = assertThrows(UserError.class, () -> CocoJson.readTruth(broken)).getMessage();
    assertTrue(message.contains("broken.json") && message.contains(reason), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"score\": 0.5|\"score\": null|line 1, entry 1: expected \"score\" to be a number, found null",
        "\"counts\": \"422\"|\"counts\": \"42\"|line 1, entry 1: run lengths of a 4 x 3 mask",
        "\"image_id\": 9|\"image_id\": 10|truth's 2 images, found 10",
        "[{|{|expected an array of results"
      })
  void refusesBrokenResults(String from, String to, String reason) {
    CocoTruth truth = CocoJson.readTruth(file("truth.json", TRUTH));
    Path broken = file("broken.json", RESULT.replace(from, to));
    String message =
        assertThrows(UserError.class, () -> CocoJson.readResults(broken, truth)).getMessage();
    assertTrue(message.contains("broken.json") && message.contains(reason), message);
  }

  @Test
  void aMissingFileIsNamed() {
    String message =
        assertThrows(UserError.class, () -> CocoJson.readTruth(folder.resolve("none.json")))
            .getMessage();
    assertTrue(message.contains("none.json: expected a JSON file, found none"), message);
  }

  private Path file(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
