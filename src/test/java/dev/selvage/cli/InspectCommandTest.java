package dev.selvage.cli;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.loader.Datasets;
import dev.selvage.data.split.Split;
import dev.selvage.inspect.SplitComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  @TempDir Path folder;

  @Test
  void findsEveryFaultOfADataset() throws IOException {
    Path data = faulty();
    Path out = folder.resolve("out");
    Outcome outcome =
        TinyRun.call("inspect", "--data", data.toString(), "--out", out.toString(), "--json");
    assertEquals(0, outcome.code(), outcome.err());
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    Map<String, String> found = findings(json);
    Map<String, String> expected = new TreeMap<>();
    expected.put(
        "invalid rows", "2: line 3: run lengths come in pairs of start and length, found 1 values");
    expected.put("missing photos", "1: gone.png");
    expected.put(
        "photos under several names in train.csv (used as one photo)", "1: ./a.png is a.png");
    expected.put("truncated photos", "1: cut.jpg is a truncated JPEG");
    expected.put("photos that cannot be decoded", "1: text.jpg cannot be decoded");
    expected.put("duplicate photos (identical files)", "1: a.png and b.png");
    expected.put("duplicate photos (same picture, different files)", "1: a.png and small.png");
    expected.put("duplicate objects (same class, same mask)", "1: line 2 and line 5: a.png");
    expected.put("masks of fewer than 20 pixels", "1: line 6: b.png, 3 pixels");
    expected.put("attributes missing from label_descriptions.json", "1: line 2: 77");
    expected.put("photos without objects", "2: cut.jpg");
    expected.put("photos in train/ without a row (used as photos without objects)", "1: cut.jpg");
    expected.put(
        "photos in train/ that are not used (damaged, or with invalid rows only)", "1: text.jpg");
    expected.put("classes without objects", "1: shoe");
    expected.put("classes with fewer than 20 objects", "2: shirt: 2");
    assertEquals(expected, withoutSmall(found));
    assertEquals(3, json.get("objects").asInt());
    JsonNode sides = json.get("sides");
    assertEquals(4, json.get("photos").asInt());
    assertEquals(4, sides.get("train").asInt() + sides.get("valid").asInt());
    JsonNode shirts = sides.get("classes").get(0);
    assertEquals("shirt", shirts.get("name").asText());
    assertEquals(1, shirts.get("train").asInt() + shirts.get("valid").asInt()); // photos, not rows
    assertEquals(6, json.get("rows").asInt());
    assertEquals("long", json.get("attributes").get(0).get("name").asText());
    assertEquals(2, json.get("attributes").get(0).get("count").asInt());
    String page = Files.readString(out.resolve("inspection.html"));
    assertTrue(page.contains("Training and validation split"), page);
    assertTrue(page.contains("pants &amp; &lt;b&gt;") && !page.contains("<b>x"), page);
    assertFalse(page.contains("http"), "the page asks for other files");
    try (Mat sheet = opencv_imgcodecs.imread(out.resolve("contact.jpg").toString())) {
      assertEquals(4 * 308 + 8, sheet.cols()); // text.jpg is no photo
    }
  }

  /** What is small in the model's image depends on the preset, which may change. */
  private static Map<String, String> withoutSmall(Map<String, String> found) {
    found.keySet().removeIf(title -> title.startsWith("objects smaller than"));
    return found;
  }

  @Test
  void saysWhatItFoundInWords() throws IOException {
    Outcome outcome = TinyRun.call("inspect", "--data", faulty().toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("4 photos, 3 objects, 6 annotations"), outcome.out());
    assertTrue(outcome.out().contains("error    missing photos: 1"), outcome.out());
    assertTrue(
        outcome.out().matches("(?s).*\n  current +0\\.\\d{3} .*\n  suggested +0\\.\\d{3} .*"),
        outcome.out());
    assertTrue(outcome.out().contains("suggested: --set RPN_ANCHOR_SCALES="), outcome.out());
  }

  /** A training must be about the photos that were looked over. */
  @Test
  void countsAndSplitsThePhotosThatTrainUses() throws IOException {
    Path kaggle = new TinyRun(folder).data;
    for (String more : List.of("few.png", "unnamed.png", "bad.png", "none.png")) {
      Files.copy(kaggle.resolve("train/0.png"), kaggle.resolve("train").resolve(more));
    }
    String rows = Files.readString(kaggle.resolve("train.csv"));
    StringBuilder csv = new StringBuilder(rows).append("none.png,,50,70,\n./1.png,7 5,50,70,3\n");
    csv.append("few.png,1 30,50,70,5\n".repeat(1000)).append("bad.png,0 1,50,70,5\n");
    Files.writeString(kaggle.resolve("train.csv"), csv);
    compare(kaggle, 7); // not bad.png
    Path coco = folder.resolve("coco");
    new CocoFiles(coco)
        .photo(1, "b.png")
        .photo(2, "a.png")
        .image(3, "./b.png", CocoFiles.HEIGHT, CocoFiles.WIDTH)
        .photo(4, "in/c.png")
        .photo(5, "d.png")
        .annotation(10, 1, 90, 0, CocoFiles.polygon())
        .annotation(11, 2, 4, 0, "[[150, 1, 160, 1, 160, 5]]") // lies outside, but trains
        .annotation(12, 3, 4, 1, CocoFiles.text())
        .annotation(13, 3, 4, 0, CocoFiles.text())
        .write();
    compare(coco, 4);
  }

  private static void compare(Path data, int photos) throws IOException {
    Dataset used = Datasets.open(data, null);
    assertEquals(photos, used.size());
    Outcome outcome =
        TinyRun.call(
            "inspect",
            "--data",
            data.toString(),
            "--set",
            "VALIDATION_FRACTION=0.4",
            "--seed",
            "5",
            "--json");
    assertEquals(0, outcome.code(), outcome.err());
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    Config config = Config.defaults().with("VALIDATION_FRACTION", 0.4f);
    Split split = Split.of(used, config, 5);
    JsonNode sides = new ObjectMapper().valueToTree(SplitComparison.of(split, used, config, 5));
    assertEquals(photos, json.get("photos").asInt());
    // through text, so that numbers are of the same types
    assertEquals(new ObjectMapper().readTree(sides.toString()), json.get("sides"));
  }

  @Test
  void drawsAugmentedPictures() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    Path out = folder.resolve("out");
    Outcome outcome =
        TinyRun.call(
            "inspect",
            "--data",
            tiny.data.toString(),
            "--out",
            out.toString(),
            "--augmented",
            "7",
            "--augmentation",
            "strong");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains(out.resolve("augmented.png").toString()), outcome.out());
    try (Mat sheet = opencv_imgcodecs.imread(out.resolve("augmented.png").toString())) {
      assertEquals(5 * 392 + 8, sheet.cols());
      assertTrue(sheet.rows() > 2 * 384 && sheet.rows() < 3 * 384, sheet.rows() + " rows");
    }
    String data = tiny.data.toString();
    assertRefused(
        "option --samples has an effect only with --out", "--data", data, "--samples", "3");
    assertRefused(
        "option --augmented has an effect only with --out", "--data", data, "--augmented", "3");
    assertRefused(
        "option --augmentation has an effect only with --augmented",
        "--data",
        data,
        "--augmentation",
        "standard");
    assertRefused(
        "--augmentation: expected none, flip, standard, strong, found 'mild'",
        "--data",
        data,
        "--out",
        out.toString(),
        "--augmented",
        "3",
        "--augmentation",
        "mild");
  }

  private static void assertRefused(String expected, String... options) {
    Outcome outcome =
        TinyRun.call(
            Stream.concat(Stream.of("inspect"), Stream.of(options)).toArray(String[]::new));
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains(expected), outcome.err());
  }

  @Test
  void refusesAFolderThatIsNoDataset() {
    Outcome outcome = TinyRun.call("inspect", "--data", folder.toString());
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("label_descriptions.json"), outcome.err());
  }

  @Test
  void findsTheFaultsOfCocosFiles() throws IOException {
    Path data = folder.resolve("coco");
    new CocoFiles(data)
        .photo(1, "a.png")
        .photo(2, "b.png")
        .photo(3, "in/c.png")
        .image(7, "gone.png", 200, 120)
        .photo(8, "unlike.png")
        .image(9, "unlike.png", 201, 120)
        .image(20, "./b.png", 200, 120)
        .annotation(10, 1, 90, 0, CocoFiles.polygon())
        .annotation(11, 1, 4, 1, CocoFiles.numbers())
        .annotation(12, 3, 4, 0, CocoFiles.text())
        .annotation(13, 55, 4, 0, CocoFiles.polygon())
        .annotation(14, 1, 5, 0, CocoFiles.polygon())
        .annotation(15, 1, 4, 0, "[[1, 1, 5, 5]]")
        .annotation(16, 1, 4, 0, "[[1, 1, 5, 5, 9, 9]]")
        .annotation(17, 2, 4, 0, "{\"size\": [3, 3], \"counts\": [4, 5]}")
        .annotation(18, 7, 4, 0, CocoFiles.polygon())
        .write();
    Files.copy(data.resolve("some/a.png"), data.resolve("some/more.png"));
    Path out = folder.resolve("out");
    Outcome outcome =
        TinyRun.call("inspect", "--data", data.toString(), "--out", out.toString(), "--json");
    assertEquals(0, outcome.code(), outcome.err());
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    Map<String, String> found = findings(json);
    found.keySet().removeIf(title -> title.contains("same picture"));
    Path some = data.resolve("some");
    Map<String, String> expected = new TreeMap<>();
    expected.put(
        "missing photos",
        "1: line 1, image 7: file_name must name a photo in %s, found no gone.png there"
            .formatted(some));
    expected.put(
        "images whose size differs from their photo",
        "1: line 1, image 9: height and width must be those of unlike.png (200 and 120), found 201 and 120");
    expected.put(
        "annotations whose image does not exist",
        "1: line 1, annotation 13: expected \"image_id\" to be the id of an image, found 55");
    expected.put(
        "annotations whose category does not exist",
        "1: line 1, annotation 14: expected \"category_id\" to be the id of a category, found 5");
    expected.put(
        "invalid annotations",
        "1: line 1, annotation 15: segmentation must be a polygon of at least 3 points x, y, found [1,1,5,5]");
    expected.put("empty masks", "1: line 1, annotation 16: a.png");
    expected.put(
        "masks whose size differs from their image",
        "1: line 1, annotation 17: segmentation size [height,width] must be the photo's [200,120], found [3,3]");
    expected.put("crowd annotations (not counted as objects)", "1: line 1, annotation 11: a.png");
    expected.put("photos without objects", "2: b.png");
    expected.put(
        "photos with several images (their annotations are used together)",
        "1: b.png is that of images 2, 20");
    expected.put("duplicate photos (identical files)", "1: a.png and more.png");
    expected.put("photos that are not in the annotation file", "1: more.png");
    expected.put("classes with fewer than 20 objects", "2: hat: 1");
    assertEquals(expected, found);
    assertEquals(9, json.get("rows").asInt());
    assertEquals(4, json.get("photos").asInt());
    assertEquals(2, json.get("objects").asInt());
    assertTrue(Files.size(out.resolve("contact.jpg")) > 0);
    assertTrue(
        Files.readString(out.resolve("inspection.html"))
            .contains("annotations whose image does not exist"));
  }

  @Test
  void aFileOfWhichNothingCanBeUsedIsLookedOverToo() throws IOException {
    Path data = folder.resolve("coco");
    new CocoFiles(data)
        .image(7, "gone.png", 200, 120)
        .annotation(18, 7, 4, 0, CocoFiles.polygon())
        .write();
    String file = data.resolve("annotations/instances_some.json").toString();
    Outcome outcome =
        TinyRun.call("inspect", "--data", file, "--images", data.resolve("some").toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("0 photos, 0 objects, 1 annotations"), outcome.out());
    assertTrue(outcome.out().contains("missing photos: 1"), outcome.out());
    outcome = TinyRun.call("inspect", "--data", file);
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("found no gone.png there"), outcome.err());
  }

  /** By title how often, and the first example. */
  private static Map<String, String> findings(JsonNode json) {
    Map<String, String> found = new TreeMap<>();
    for (JsonNode finding : json.get("findings")) {
      found.put(
          finding.get("title").asText(),
          finding.get("count").asInt() + ": " + finding.get("examples").get(0).asText());
    }
    return found;
  }

  private Path faulty() throws IOException {
    Path data = folder.resolve("data");
    Path train = Files.createDirectories(data.resolve("train"));
    Files.writeString(
        data.resolve("label_descriptions.json"),
        """
        {"categories": [{"id": 0, "name": "shirt"}, {"id": 1, "name": "pants & <b>x"},
           {"id": 2, "name": "shoe"}],
         "attributes": [{"id": 5, "name": "long"}]}
        """);
    Files.writeString(
        data.resolve("train.csv"),
        """
        ImageId,EncodedPixels,Height,Width,ClassId
        a.png,1 400,120,90,0_5_77
        a.png,7,120,90,0
        gone.png,1 1,120,90,0
        ./a.png,1 400,120,90,0_5
        b.png,5 3,120,90,1
        small.png,,60,45,
        """);
    photo(train.resolve("a.png"), 120, 90, 1);
    photo(train.resolve("b.png"), 120, 90, 1);
    photo(train.resolve("small.png"), 60, 45, 1);
    photo(train.resolve("cut.jpg"), 120, 90, 2);
    byte[] bytes = Files.readAllBytes(train.resolve("cut.jpg"));
    Files.write(train.resolve("cut.jpg"), Arrays.copyOf(bytes, bytes.length * 2 / 3));
    Files.writeString(train.resolve("text.jpg"), "no photo");
    return data;
  }

  /** A smooth picture of its own, so that scaling it changes little. */
  private static void photo(Path file, int height, int width, int seed) {
    byte[] noise = new byte[6 * 6 * 3];
    new Random(seed).nextBytes(noise);
    try (BytePointer pixels = new BytePointer(noise);
        Mat coarse = new Mat(6, 6, CV_8UC3, pixels);
        Mat photo = new Mat();
        Size size = new Size(width, height)) {
      opencv_imgproc.resize(coarse, photo, size);
      opencv_imgcodecs.imwrite(file.toString(), photo);
    }
  }
}
