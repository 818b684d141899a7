package dev.selvage.coco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Detection;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results meet the image of their photo, whatever the ids of the two files are. */
class ResultImagesTest {
  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();

  @Test
  void theNameDecidesWhereIdsDisagree() throws IOException {
    String truth = image(139, "b.jpg") + "," + image(1, "./own\\\\a.jpg");
    // predict counts photos from 0 in the order of their names: id 1 is another photo's
    String results =
        result("0", "a.jpg") + ",\n" + result("1", "b.jpg") + ",\n" + result("1", "b.jpg");
    assertEquals(Map.of(1L, 1, 139L, 2), read(truth, results));
    assertEquals(
        List.of(
            folder.resolve("results.json")
                + ": 3 of 3 results were matched by file_name because their image_id is that of"
                + " another image or of none; for example, a.jpg has image_id 0 there and id 1 in"
                + " the truth"),
        warnings);
  }

  @Test
  void theIdDecidesWhereAFileStatesNoNames() throws IOException {
    String named = image(7, "a.jpg") + "," + image(8, "b.jpg");
    assertEquals(Map.of(8L, 1), read(named, result("8", null)));
    String unnamed = named.replaceAll("\"file_name\": \"[ab].jpg\",", "");
    assertEquals(Map.of(8L, 1), read(unnamed, result("8", "a.jpg")));
    assertEquals(List.of(), warnings);
  }

  @Test
  void theIdDecidesBetweenImagesOfOneName() throws IOException {
    String truth = image(3, "x/a.jpg") + "," + image(4, "y/a.jpg") + "," + image(5, "b.jpg");
    assertEquals(Map.of(4L, 1), read(truth, result("4", "a.jpg")));
    assertEquals(Map.of(3L, 1), read(truth, result("0", "x//a.jpg")));
    refused(truth, result("0", "a.jpg"), "found a.jpg, which is that of images 3 and 4");
    refused(
        truth,
        result("5", "p/b.jpg") + "," + result("6", "q/b.jpg"),
        "expected the results of image 5 to name one photo, found p/b.jpg and q/b.jpg");
  }

  @Test
  void imagesOfOnePhotoAreScoredEachButNotInSilence() throws IOException {
    String truth = image(3, "a.jpg") + "," + image(4, "./a.jpg");
    assertEquals(
        Map.of(3L, 1, 4L, 1), read(truth, result("3", "a.jpg") + "," + result("4", "a.jpg")));
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("images 3 and 4 of a.jpg"), warnings.get(0));
  }

  @Test
  void photosThatTheTruthLacksAreRefused() throws IOException {
    String truth = image(0, "a.jpg") + "," + image(1, "b.jpg");
    refused(
        truth,
        result("0", "z.jpg"),
        "line 1, entry 1: expected \"file_name\" to be the photo of an image of the truth, found"
            + " z.jpg");
    refused(truth, result("2", null), "expected \"image_id\" to be the id of an image, found 2");
  }

  @Test
  void idsAreNumbers() throws IOException {
    String truth = image(7, "a.jpg");
    assertEquals(Map.of(7L, 1), read(truth, result("7.0", null)));
    refused(
        truth,
        result("\"7\"", "a.jpg"),
        "line 1, entry 1: expected \"image_id\" to be a whole number, found the string \"7\"");
    refused(truth, result("7.5", "a.jpg"), "to be a whole number, found 7.5");
    refused(truth, result("1e300", "a.jpg"), "to be a whole number, found 1.0E300");
    refused(truth.replace("20", "20.5"), result("7", "a.jpg"), "\"height\" to be a whole number");
    refused(
        truth.replace("\"id\": 7", "\"id\": \"7\""),
        result("7", "a.jpg"),
        "truth.json line 1, entry 1: expected \"id\" to be a whole number, found the string \"7\"");
  }

  private void refused(String images, String results, String reason) {
    String message = assertThrows(UserError.class, () -> read(images, results)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  /** How many results each image has. */
  private Map<Long, Integer> read(String images, String results) throws IOException {
    Path truth =
        Files.writeString(
            folder.resolve("truth.json"),
            "{\"images\": [%s], \"annotations\": [], \"categories\": [{\"id\": 1, \"name\": \"hat\"}]}"
                .formatted(images));
    Path file = Files.writeString(folder.resolve("results.json"), "[" + results + "]");
    Map<Long, List<Detection>> found =
        CocoResults.read(file, CocoAnnotations.open(truth), warnings::add);
    return found.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().size()));
  }

  private static String image(int id, String name) {
    return "{\"id\": %d, \"file_name\": \"%s\", \"height\": 20, \"width\": 30}".formatted(id, name);
  }

  /** A result; without a name where it is null. */
  private static String result(String id, String name) {
    return "{\"image_id\": %s, %s\"category_id\": 1, \"score\": 0.5, \"bbox\": [1, 2, 3, 4]}"
        .formatted(id, name == null ? "" : "\"file_name\": \"%s\", ".formatted(name));
  }
}
