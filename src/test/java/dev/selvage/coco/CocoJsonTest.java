package dev.selvage.coco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Box;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
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
    CocoAnnotations truth = CocoAnnotations.open(file("truth.json", TRUTH));
    assertEquals(
        List.of(new Category(7, "shoe", ""), new Category(30, "bag", "")), truth.categories());
    assertEquals(List.of(5L, 9L), truth.images().stream().map(CocoImage::id).toList());
    List<Instance> instances = truth.instances(truth.images().get(1));
    Instance bag = instances.get(0);
    assertEquals(2, bag.classId());
    assertEquals(5.5, bag.area());
    assertEquals(new Box(1, 1, 2, 2), bag.box());
    assertEquals(new Rle(4, 3, new int[] {5, 2, 2, 2, 1}), bag.mask());
    Instance shoe = instances.get(1);
    assertEquals(1, shoe.classId());
    assertTrue(shoe.crowd());
    assertEquals(8, shoe.area());
    assertEquals(new Box(1, 0, 2, 4), shoe.box());
  }

  /** As pycocotools reads them. */
  @Test
  void theLastRunOfZerosMayBeMissing() {
    String text = TRUTH.replace("[4, 8]", "[4, 5]");
    CocoAnnotations truth = CocoAnnotations.open(file("truth.json", text));
    Instance shoe = truth.instances(truth.images().get(1)).get(1);
    assertEquals(new Rle(4, 3, new int[] {4, 5, 3}), shoe.mask());
  }

  /** They have no area; pycocotools would take the first one for a box. */
  @Test
  void linesAmongPolygonsAreLeftOut() {
    String text = TRUTH.replace("[[1, 1, 3, 1,", "[[0, 0, 3, 4], [2, 2], [], [1, 1, 3, 1,");
    CocoAnnotations truth = CocoAnnotations.open(file("truth.json", text));
    Instance bag = truth.instances(truth.images().get(1)).get(0);
    assertEquals(new Rle(4, 3, new int[] {5, 2, 2, 2, 1}), bag.mask());
  }

  @Test
  void boxesAloneAreATruth() {
    String text =
        TRUTH
            .replaceFirst("\"segmentation\": .*]]}", "\"segmentation\": []}")
            .replaceFirst("\"segmentation\": .*]}}]", "\"bbox\": [0, 1, 2.5, 2]}]");
    CocoAnnotations truth = CocoAnnotations.open(file("truth.json", text));
    assertFalse(truth.hasMasks());
    List<Instance> instances = truth.instances(truth.images().get(1));
    assertEquals(new Box(1, 1, 2, 2), instances.get(0).box());
    assertEquals(5.5, instances.get(0).area());
    assertEquals(new Box(0, 1, 2.5, 2), instances.get(1).box());
    assertEquals(5, instances.get(1).area());
    assertTrue(CocoAnnotations.open(file("truth.json", TRUTH)).hasMasks());
  }

  @Test
  void skipsAFewBadAnnotationsOfALargeTruth() {
    String line =
        "{\"id\": %d, \"image_id\": 9, \"category_id\": 7, \"segmentation\": [[0, 0, 3, 4]]},";
    String good = line.replace("3, 4]]", "3, 4, 3, 0]]");
    StringBuilder many = new StringBuilder("\"annotations\": [");
    for (int id = 10; id < 1010; id++) {
      many.append((id < 19 ? line : good).formatted(id));
    }
    String text = TRUTH.replace("\"annotations\": [", many);
    CocoAnnotations truth = CocoAnnotations.open(file("truth.json", text));
    assertEquals(993, truth.instances(truth.images().get(1)).size());
    String more = text.replaceAll("(\"id\": 10[0-9]+.*?)3, 4, 3, 0]]", "$13, 4]]");
    String message =
        assertThrows(UserError.class, () -> CocoAnnotations.open(file("truth.json", more)))
            .getMessage();
    assertTrue(message.contains("annotation 10: segmentation must be a polygon"), message);
    assertTrue(message.contains("more bad annotations out of 1002"), message);
  }

  @Test
  void writtenDetectionsAreReadBack() throws IOException {
    CocoAnnotations truth = CocoAnnotations.open(file("truth.json", TRUTH));
    Path file = folder.resolve("detections.json");
    Rle mask = new Rle(4, 3, new int[] {5, 2, 2, 2, 1});
    Detection found = new Detection(1, 0.1f, new Box(1.25, 0.5, 2, 3), mask);
    try (DetectionsJson out = new DetectionsJson(file, truth.categories())) {
      out.add(5, "a.jpg", List.of());
      out.add(9, "b.jpg", List.of(found, found));
      assertFalse(Files.exists(file));
      out.finish();
    }
    Map<Long, List<Detection>> read = CocoResults.read(file, truth, warning -> {});
    assertEquals(Set.of(9L), read.keySet());
    assertEquals(2, read.get(9L).size());
    assertEquals(new Detection(1, 0.1, found.box(), 6, mask), read.get(9L).get(0));
    String line =
        """
        {"image_id":9,"file_name":"b.jpg","category_id":7,"category_name":"shoe","score":0.1,\
        "bbox":[1.25,0.5,2.0,3.0],"segmentation":{"size":[4,3],"counts":"5220O"}}\
        """;
    assertEquals("[\n" + line + ",\n" + line + "\n]\n", Files.readString(file));
  }

  @Test
  void unfinishedDetectionsLeaveNothing() throws IOException {
    try (DetectionsJson out =
        new DetectionsJson(folder.resolve("d.json"), List.of(new Category(1, "a", "")))) {
      out.add(1, "a.jpg", List.of());
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
        "\"id\": 9,|\"id\": 5,|line 2, image 5: expected unique image ids, found 5",
        "\"category_id\": 30|\"category_id\": 31|line 4, annotation 1: expected \"category_id\" to be the id of a category, found 31",
        "\"image_id\": 9, \"category_id\": 7|\"image_id\": 6, \"category_id\": 7|line 6, annotation 2: expected \"image_id\" to be the id of an image, found 6",
        "[1, 1, 2, 2]|[1, 1, 2]|line 4, annotation 1: expected \"bbox\" to be 4 numbers, found [1,1,2]",
        "[4, 8]|[4, 9]|line 6, annotation 2: run lengths of a 4 x 3 mask",
        "[4, 8]|[4, 2, 5]|line 6, annotation 2: run lengths of a 4 x 3 mask",
        "[4, 8]|[]|line 6, annotation 2: run lengths of a 4 x 3 mask",
        "[[1, 1, 3, 1, 3, 3, 1, 3]]|[]|annotation 1: expected a \"segmentation\" in each annotation or in none, found none here and 1 elsewhere",
        "\"size\": [4, 3]|\"size\": [3, 4]|segmentation size [height,width] must be the photo's [4,3], found [3,4]",
        "3, 1, 3, 3, 1, 3]|3, 1, 3]|polygon of at least 3 points",
        "\"area\": 5.5|\"area\": \"big\"|expected \"area\" to be a number, found the string \"big\"",
        "\"height\": 4, ||expected \"height\" to be a whole number, found no such field",
        "\"categories\"|\"kinds\"|expected a list \"categories\"",
        "\"name\": \"shoe\"}]}|\"name\": \"shoe\"|expected valid JSON"
      })
  void refusesBrokenTruth(String from, String to, String reason) {
    String text = TRUTH.replaceFirst(Pattern.quote(from), to == null ? "" : to);
    Path broken = file("broken.json", text);
    String message = assertThrows(UserError.class, () -> CocoAnnotations.open(broken)).getMessage();
    assertTrue(message.contains("broken.json") && message.contains(reason), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"score\": 0.5|\"score\": null|line 1, entry 1: expected \"score\" to be a number, found null",
        "\"counts\": \"422\"|\"counts\": \"42\"|line 1, entry 1: run lengths of a 4 x 3 mask",
        "\"image_id\": 9|\"image_id\": 10|expected \"image_id\" to be the id of an image, found 10",
        "[{|{|expected a list of results"
      })
  void refusesBrokenResults(String from, String to, String reason) {
    CocoAnnotations truth = CocoAnnotations.open(file("truth.json", TRUTH));
    Path broken = file("broken.json", RESULT.replace(from, to));
    String message =
        assertThrows(UserError.class, () -> CocoResults.read(broken, truth, warning -> {}))
            .getMessage();
    assertTrue(message.contains("broken.json") && message.contains(reason), message);
  }

  @Test
  void takesAByteOrderMarkAndNamesAnotherEncoding() throws IOException {
    CocoAnnotations truth = CocoAnnotations.open(file("truth.json", "\uFEFF" + TRUTH));
    assertEquals(2, truth.instances(truth.images().get(1)).size());
    Path results = file("results.json", "\uFEFF" + RESULT.replace("422", "426"));
    assertEquals(Set.of(9L), CocoResults.read(results, truth, warning -> {}).keySet());
    for (Charset other : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
      Files.write(results, ("\uFEFF" + RESULT).getBytes(other));
      String message =
          assertThrows(UserError.class, () -> CocoResults.read(results, truth, warning -> {}))
              .getMessage();
      assertTrue(message.contains("results.json: expected JSON in UTF-8, found UTF-16"), message);
    }
  }

  @Test
  void aMissingFileIsNamed() {
    String message =
        assertThrows(UserError.class, () -> CocoAnnotations.open(folder.resolve("none.json")))
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
