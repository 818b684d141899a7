package dev.selvage.cli;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.Detection;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.mask.CocoRle;
import dev.selvage.nn.Parameters;
import dev.selvage.predict.Predictor;
import dev.selvage.predict.SavedModel;
import dev.selvage.predict.tiles.Tile;
import dev.selvage.predict.tiles.TileMerger;
import dev.selvage.predict.tiles.Tiling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code predict --tiles}. */
class TilesTest {
  private static final PhotoSize SIZE = new PhotoSize(120, 150);

  @TempDir Path folder;
  private TinyRun tiny;
  private Path weights;
  private Path images;

  @BeforeEach
  void prepare() throws IOException {
    tiny = new TinyRun(folder);
    weights = tiny.run.resolve("mask_rcnn_tiny_0001.h5");
    images = Files.createDirectory(folder.resolve("images"));
  }

  /** The objects are those that the model finds in each tile as a photo of its own. */
  @Test
  void findsWhatIsInTheTiles() throws IOException {
    Path photo = images.resolve("large.png");
    canvas(photo);
    JsonNode found = predict("tiles", "--tiles", "64,24");
    Config config = ConfigReader.read(null, tiny.run.resolve("config.json"), List.of());
    TileMerger merger = new TileMerger(0.3, 1);
    try (Parameters parameters = SavedModel.load(weights, config);
        Mat canvas = opencv_imgcodecs.imread(photo.toString())) {
      Predictor predictor = new Predictor(config, parameters);
      merger.add(Optional.empty(), predictor.find(photo, SIZE).orElseThrow());
      Path cut = folder.resolve("cut.png");
      for (Tile tile : new Tiling(64, 24).of(SIZE)) {
        try (Rect place = new Rect(tile.left(), tile.top(), 64, 64);
            Mat part = new Mat(canvas, place)) {
          opencv_imgcodecs.imwrite(cut.toString(), part);
        }
        merger.add(Optional.of(tile), predictor.find(cut, tile.size()).orElseThrow());
      }
    }
    List<Detection> expected = merger.merged();
    assertTrue(expected.size() > 6, () -> "only " + expected.size());
    assertEquals(expected.size(), found.size());
    for (int i = 0; i < found.size(); i++) {
      JsonNode d = found.get(i);
      assertEquals(expected.get(i).score(), d.get("score").asDouble(), 1e-6);
      assertEquals(
          expected.get(i).mask(),
          CocoRle.read(d.get("segmentation").get("counts").asText(), 120, 150));
    }
  }

  @Test
  void smallPhotosAreSeenAsWithoutTiles() throws IOException {
    TinyRun.photo(images.resolve("a.png"), 50);
    predict("plain");
    predict("tiles", "--tiles", "70,10");
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("plain/detections.json")),
        Files.readAllBytes(folder.resolve("tiles/detections.json")));
  }

  /** A photo that cannot be decoded is skipped; those around it lose nothing. */
  @Test
  void skipsDamagedPhotos() throws IOException {
    canvas(images.resolve("a.png"));
    Files.writeString(images.resolve("b.png"), "no photo");
    byte[] bytes = Files.readAllBytes(images.resolve("a.png"));
    Files.write(images.resolve("c.png"), Arrays.copyOf(bytes, 60));
    canvas(images.resolve("d.png"));
    JsonNode found = predict("tiles", "--tiles", "64,24", "--views", "flip");
    long first = count(found, "a.png");
    assertTrue(first > 6, found::toString);
    assertEquals(first, count(found, "d.png"));
    assertEquals(2 * first, found.size());
  }

  private static long count(JsonNode found, String name) {
    long count = 0;
    for (JsonNode d : found) {
      count += d.get("file_name").asText().equals(name) ? 1 : 0;
    }
    return count;
  }

  @Test
  void refusesBadTiles() throws IOException {
    TinyRun.photo(images.resolve("a.png"), 50);
    for (String wrong : List.of("64", "64,64", "16,4", "large,small")) {
      Outcome outcome = call("bad", "--tiles", wrong);
      assertEquals(2, outcome.code(), outcome.err());
      assertTrue(outcome.err().contains("option --tiles: expected SIZE,OVERLAP"), outcome.err());
      assertTrue(outcome.err().contains("found '" + wrong + "'"), outcome.err());
    }
    assertFalse(Files.exists(folder.resolve("bad")));
  }

  /** Circles on a colour that changes from left to right. */
  private static void canvas(Path file) {
    try (Scalar black = new Scalar(0, 0, 0, 0);
        Mat photo = new Mat(SIZE.height(), SIZE.width(), CV_8UC3, black)) {
      for (int x = 0; x < SIZE.width(); x++) {
        try (Rect column = new Rect(x, 0, 1, SIZE.height());
            Mat part = new Mat(photo, column);
            Scalar colour = new Scalar(x, 255 - x, 90, 0);
            Mat filled = new Mat(SIZE.height(), 1, CV_8UC3, colour)) {
          filled.copyTo(part);
        }
      }
      for (int i = 0; i < 6; i++) {
        try (Point centre = new Point(20 + 22 * i, 25 + 37 * (i % 3));
            Scalar colour = new Scalar(40 * i, 30, 250 - 30 * i, 0)) {
          opencv_imgproc.circle(photo, centre, 12, colour, -1, 8, 0);
        }
      }
      opencv_imgcodecs.imwrite(file.toString(), photo);
    }
  }

  private JsonNode predict(String out, String... options) throws IOException {
    Outcome outcome = call(out, options);
    assertEquals(0, outcome.code(), outcome.err());
    return new ObjectMapper().readTree(folder.resolve(out).resolve("detections.json").toFile());
  }

  private Outcome call(String out, String... options) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "predict",
                "--weights",
                weights.toString(),
                "--images",
                images.toString(),
                "--out",
                folder.resolve(out).toString(),
                "--no-pictures"));
    words.addAll(List.of(options));
    return TinyRun.call(words.toArray(String[]::new));
  }
}
