package dev.selvage.studio.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.indexer.UByteIndexer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataRoutesTest {
  @TempDir static Path folder;

  private static ServedData served;

  @BeforeAll
  static void start() throws Exception {
    Path data =
        new DrawnDataset(folder.resolve("data"), "<img src=x onerror=alert(1)>", "pants", "shoe")
            .photo("a.png", 700, 1100, 60)
            .object("a.png", 0, 100, 900, 100, 100)
            .object("a.png", 1, 600, 10, 10, 20)
            .photo("B.png", 100, 80, 90)
            .object("B.png", 1, 10, 10, 30, 30)
            .photo("c.png", 50, 40, 120)
            .photo("d.png", 60, 60, 200)
            .object("d.png", 1, 1, 1, 5, 5)
            .object("d.png", 2, 20, 20, 8, 8)
            .object("d.png", 2, 40, 40, 8, 8)
            .write();
    served = new ServedData(data, folder.resolve("runs"));
    served.opened.await();
  }

  @AfterAll
  static void stop() {
    served.close();
  }

  private static List<String> names(String query) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    JsonNode found = served.json("/api/data/photos" + query);
    found.path("photos").forEach(photo -> names.add(photo.path("name").asText()));
    assertTrue(found.path("matches").asInt() >= names.size());
    return names;
  }

  @Test
  void theSummaryCountsPhotosObjectsAndClasses() throws Exception {
    JsonNode summary = served.json("/api/data");
    assertEquals("ready", summary.path("state").asText());
    assertEquals(4, summary.path("photos").asInt());
    assertEquals(6, summary.path("objects").asInt());
    assertEquals(3, summary.path("categories").get(1).path("objects").asInt());
    assertEquals("<img src=x onerror=alert(1)>", summary.at("/categories/0/name").asText());
  }

  @Test
  void photosAreFilteredSortedAndPaged() throws Exception {
    assertEquals(List.of("B.png", "a.png", "c.png", "d.png"), names(""));
    assertEquals(List.of("a.png", "c.png"), names("?offset=1&limit=2"));
    assertEquals(List.of(), names("?offset=9"));
    assertEquals(List.of("B.png", "a.png", "d.png"), names("?classes=2"));
    assertEquals(List.of("a.png"), names("?classes=1,2"));
    assertEquals(List.of("B.png"), names("?classes=2&area=201-"));
    assertEquals(List.of("d.png"), names("?area=-199"));
    assertEquals(List.of("a.png", "d.png"), names("?objects=2-3"));
    assertEquals(List.of("c.png"), names("?objects=-0"));
    assertEquals(List.of("B.png"), names("?name=b.P"));
    assertEquals(List.of("d.png", "a.png", "B.png", "c.png"), names("?order=most"));
    assertEquals(List.of("c.png", "B.png", "a.png", "d.png"), names("?order=fewest"));
  }

  @Test
  void wrongQueriesAreSentences() throws Exception {
    assertEquals(
        "400 classes: expected a whole number from 1 to 3, found '4'",
        served.error("/api/data/photos?classes=4"));
    assertEquals(
        "400 query: area: expected two numbers with - between them, found '12'",
        served.error("/api/data/photos?area=12"));
    assertTrue(served.error("/api/data/photos?colour=1").startsWith("400 query: expected classes"));
    assertTrue(
        served.error("/api/data/photos?part=train&run=none").startsWith("400 expected a run"));
    assertEquals(
        "404 photo: expected a whole number from 0 to 3, found '4'",
        served.error("/api/data/photos/4"));
    assertEquals(404, served.answer("/api/data/photos/a.png/thumbnail").statusCode());
    assertEquals(400, served.answer("/api/data/photos/..%2f..%2fetc/thumbnail").statusCode());
  }

  @Test
  void aPhotoHasItsObjectsAndItsNeighboursAmongThoseThatFit() throws Exception {
    JsonNode photo = served.json("/api/data/photos/1?objects=1-");
    assertEquals("a.png", photo.path("name").asText());
    assertEquals(10_000, photo.at("/objects/0/area").asInt());
    assertEquals("[900.0,100.0,100.0,100.0]", photo.at("/objects/0/box").toString());
    assertEquals(1, photo.path("place").asInt());
    assertEquals(0, photo.path("previous").asInt());
    assertEquals(3, photo.path("next").asInt());
    JsonNode other = served.json("/api/data/photos/1?objects=9-");
    assertEquals(-1, other.path("place").asInt());
    assertTrue(other.path("next").isNull());
  }

  @Test
  void thumbnailsShowThePhotoAt256Pixels() throws Exception {
    try (Mat picture = ServedData.picture(served.answer("/api/data/photos/1/thumbnail").body())) {
      assertEquals(256, picture.cols());
      assertEquals(163, picture.rows());
      assertTrue(red(picture, 35, 221));
      assertFalse(red(picture, 100, 100));
    }
    try (Mat small = ServedData.picture(served.answer("/api/data/photos/0/thumbnail").body())) {
      assertEquals(80, small.cols());
    }
  }

  /** Whether a pixel is that of an object. */
  private static boolean red(Mat picture, int y, int x) {
    UByteIndexer pixels = picture.createIndexer();
    return pixels.get(y, x, 2) > 200 && pixels.get(y, x, 0) < 60;
  }

  @Test
  void tilesAreThePartsOfEachLevel() throws Exception {
    JsonNode photo = served.json("/api/data/photos/1");
    assertEquals(3, photo.path("levels").asInt());
    String tiles = "/api/data/photos/1/tiles/";
    try (Mat right = ServedData.picture(served.answer(tiles + "0/2/1").body())) {
      assertEquals(1100 - 2 * 512, right.cols());
      assertEquals(700 - 512, right.rows());
    }
    try (Mat tile = ServedData.picture(served.answer(tiles + "0/1/0").body())) {
      assertTrue(red(tile, 105, 900 - 512 + 5));
      assertTrue(red(tile, 195, 1000 - 512 - 5));
      assertFalse(red(tile, 95, 900 - 512 + 5));
      assertFalse(red(tile, 105, 1000 - 512 + 5));
    }
    try (Mat half = ServedData.picture(served.answer(tiles + "1/0/0").body())) {
      assertTrue(red(half, 55, 455));
      assertFalse(red(half, 45, 455));
    }
    try (Mat whole = ServedData.picture(served.answer(tiles + "2/0/0").body())) {
      assertEquals(275, whole.cols());
      assertEquals(175, whole.rows());
    }
    assertTrue(served.error(tiles + "3/0/0").startsWith("400 a.png: expected a tile of one of"));
    assertTrue(served.error(tiles + "0/3/0").startsWith("400 a.png: expected a tile"));
  }

  @Test
  void outlinesRunAlongTheMasks() throws Exception {
    JsonNode paths = served.json("/api/data/photos/1/outlines?level=0");
    assertEquals("M900 100 900 199 999 199 999 100Z", paths.get(0).asText());
    JsonNode small = served.json("/api/data/outlines?photos=0,2");
    assertEquals("M10 10 10 39 39 39 39 10Z", small.at("/0/paths/0").asText());
    assertEquals(2, small.at("/0/classes/0").asInt());
    assertEquals(0, small.at("/2/paths").size());
  }

  @Test
  void augmentedSamplesAreDrawn() throws Exception {
    HttpResponse<byte[]> answer =
        served.answer("/api/data/photos/0/augmented?augmentation=standard");
    assertEquals(200, answer.statusCode());
    try (Mat sheet = ServedData.picture(answer.body())) {
      assertTrue(sheet.cols() > 5 * 384);
    }
    assertTrue(
        served
            .error("/api/data/photos/0/augmented?augmentation=wild")
            .startsWith("400 query: augmentation: expected none, flip"));
  }

  @Test
  void aDamagedAndAMissingPhotoAreSentences() throws Exception {
    Path data =
        new DrawnDataset(folder.resolve("damaged"), "pants")
            .photo("a.png", 50, 40, 60)
            .object("a.png", 0, 10, 10, 5, 5)
            .photo("b.png", 50, 40, 60)
            .object("b.png", 0, 10, 10, 5, 5)
            .write();
    try (ServedData other = new ServedData(data, folder)) {
      other.opened.await();
      byte[] whole = Files.readAllBytes(data.resolve("train/a.png"));
      Files.write(data.resolve("train/a.png"), Arrays.copyOf(whole, 60));
      Files.delete(data.resolve("train/b.png"));
      assertTrue(other.error("/api/data/photos/0/thumbnail").startsWith("400 a.png: "));
      assertTrue(other.error("/api/data/photos/0/tiles/0/0/0").startsWith("400 a.png: "));
      assertTrue(other.error("/api/data/photos/1/thumbnail").startsWith("400 b.png: cannot be"));
      assertEquals(1, other.json("/api/data/photos/1").path("objects").size());
    }
  }

  @Test
  void whatIsNoDatasetIsASentence() throws Exception {
    try (ServedData other = new ServedData(folder.resolve("nothing"), folder)) {
      assertEquals(
          "400 --data: expected a folder with train.csv and train/, found no folder "
              + folder.resolve("nothing"),
          await(other, "/api/data/photos"));
      assertEquals("failed", other.json("/api/data").path("state").asText());
    }
  }

  private static String await(ServedData other, String path) throws Exception {
    try {
      other.opened.await();
      return "";
    } catch (UserError e) {
      return other.error(path);
    }
  }
}
