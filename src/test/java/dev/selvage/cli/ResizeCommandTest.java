package dev.selvage.cli;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.data.Instance;
import dev.selvage.data.coco.CocoDataset;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.mask.KaggleRle;
import dev.selvage.mask.Rle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResizeCommandTest {
  private static final int HEIGHT = 300;
  private static final int WIDTH = 200;

  @TempDir Path folder;

  private Path data;

  /** Two large photos with an ellipse each, a small one, one that is no photo, and a test photo. */
  @BeforeEach
  void dataset() throws IOException {
    data = folder.resolve("data");
    Files.createDirectories(data.resolve("train"));
    Files.createDirectories(data.resolve("test"));
    Files.writeString(
        data.resolve("label_descriptions.json"),
        "{\"categories\": [{\"id\": 4, \"name\": \"hat\"}, {\"id\": 9, \"name\": \"shoe\"}]}");
    Files.writeString(
        data.resolve("sample_submission.csv"), "ImageId,EncodedPixels,ClassId\nt.jpg,1 1,4\n");
    photo(data.resolve("train/a.jpg"), HEIGHT, WIDTH);
    photo(data.resolve("train/b.png"), WIDTH, HEIGHT);
    photo(data.resolve("train/small.jpg"), 60, 40);
    photo(data.resolve("test/t.jpg"), HEIGHT, WIDTH);
    Files.writeString(data.resolve("train/text.jpg"), "no photo");
    StringBuilder csv = new StringBuilder("ImageId,EncodedPixels,Height,Width,ClassId\n");
    csv.append(row("a.jpg", ellipse(HEIGHT, WIDTH), "9_12_3"));
    csv.append(row("a.jpg", new Rle(HEIGHT, WIDTH, new int[] {1, 1, HEIGHT * WIDTH - 2}), "4"));
    csv.append(row("b.png", ellipse(WIDTH, HEIGHT), "4"));
    csv.append("small.jpg,,60,40,\n");
    csv.append("text.jpg,1 5,60,40,4\n");
    csv.append("a.jpg,7,300,200,4\n");
    Files.writeString(data.resolve("train.csv"), csv);
  }

  private static void photo(Path file, int height, int width) {
    try (Scalar blue = new Scalar(200, 30, 30, 0);
        Scalar red = new Scalar(30, 30, 200, 0);
        Mat photo = new Mat(height, width, CV_8UC3, blue);
        Point middle = new Point(width / 2, height / 2);
        Size axes = new Size(width / 3, height / 4)) {
      opencv_imgproc.ellipse(photo, middle, axes, 0, 0, 360, red, -1, 8, 0);
      opencv_imgcodecs.imwrite(file.toString(), photo);
    }
  }

  /** What {@link #photo} paints red. */
  private static Rle ellipse(int height, int width) {
    byte[] pixels = new byte[height * width];
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        double u = (x - width / 2) / (double) (width / 3);
        double v = (y - height / 2) / (double) (height / 4);
        pixels[x * height + y] = (byte) (u * u + v * v <= 1 ? 1 : 0);
      }
    }
    return Rle.fromBitmask(pixels, height, width);
  }

  private static String row(String photo, Rle mask, String classId) {
    return "%s,%s,%d,%d,%s\n"
        .formatted(photo, KaggleRle.write(mask), mask.height(), mask.width(), classId);
  }

  @Test
  void photosAndMasksShrinkTogether() throws IOException {
    Path out = folder.resolve("out");
    Outcome outcome = resize("--out", out.toString(), "--side", "75");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("4 photos, 3 annotations"), outcome.out());
    KaggleDataset dataset = KaggleDataset.open(out);
    assertEquals(3, dataset.size());
    assertEquals(75, dataset.height(0));
    assertEquals(50, dataset.width(0));
    for (int imageIndex = 0; imageIndex < 2; imageIndex++) {
      List<Instance> objects = dataset.instances(imageIndex);
      assertEquals(1, objects.size());
      Rle red = red(dataset.path(imageIndex));
      double iou = red.iou(objects.get(0).mask());
      assertTrue(iou > 0.94, "the mask has an IoU of " + iou + " with what is red");
    }
    assertEquals(0, dataset.instances(2).size());
    String csv = Files.readString(out.resolve("train.csv"));
    assertTrue(csv.lines().anyMatch(line -> line.endsWith(",75,50,9_12_3")), csv);
    assertTrue(csv.contains("small.jpg,,60,40,"), csv);
    assertEquals(
        -1, Files.mismatch(data.resolve("train/small.jpg"), out.resolve("train/small.jpg")));
    for (String file : List.of("label_descriptions.json", "sample_submission.csv")) {
      assertEquals(-1, Files.mismatch(data.resolve(file), out.resolve(file)));
    }
    try (Mat test = opencv_imgcodecs.imread(out.resolve("test/t.jpg").toString())) {
      assertEquals(75, test.rows());
    }
    List<String> skipped = Files.readAllLines(out.resolve("skipped.txt"));
    assertEquals(
        List.of(
            "train/text.jpg: cannot be decoded, skipped",
            "train.csv line 3: a mask of 1 pixels, which is empty after resizing",
            "train.csv: the rows of train/text.jpg, which was skipped",
            "train.csv line 7: run lengths come in pairs of start and length, found 1 values"),
        skipped);
    skipped.forEach(line -> assertTrue(outcome.out().contains(line), outcome.out()));
  }

  /** The pixels of a photo that are more red than blue. */
  private static Rle red(Path file) {
    try (Mat photo = opencv_imgcodecs.imread(file.toString())) {
      byte[] bgr = new byte[3 * photo.rows() * photo.cols()];
      photo.data().get(bgr);
      byte[] red = new byte[photo.rows() * photo.cols()];
      for (int y = 0; y < photo.rows(); y++) {
        for (int x = 0; x < photo.cols(); x++) {
          int at = 3 * (y * photo.cols() + x);
          red[x * photo.rows() + y] = (byte) ((bgr[at + 2] & 0xFF) > (bgr[at] & 0xFF) ? 1 : 0);
        }
      }
      return Rle.fromBitmask(red, photo.rows(), photo.cols());
    }
  }

  @Test
  void theNumberOfThreadsChangesNoByte() throws IOException {
    resize("--out", folder.resolve("one").toString(), "--side", "90", "--threads", "1");
    resize("--out", folder.resolve("four").toString(), "--side", "90", "--threads", "4");
    assertSame(contents(folder.resolve("one")), contents(folder.resolve("four")));
  }

  @Test
  void goesOnWhereItWasInterrupted() throws IOException {
    Path out = folder.resolve("out");
    resize("--out", out.toString(), "--side", "90");
    Map<String, byte[]> whole = contents(out);
    // as if it had been killed after one photo
    Files.delete(out.resolve("train.csv"));
    Files.delete(out.resolve("train/b.png"));
    Files.delete(out.resolve("test/t.jpg"));
    Files.writeString(out.resolve("train/b.png.part"), "half");
    FileTime before = FileTime.fromMillis(1000);
    Files.setLastModifiedTime(out.resolve("train/a.jpg"), before);
    Outcome outcome = resize("--out", out.toString(), "--side", "90");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(before, Files.getLastModifiedTime(out.resolve("train/a.jpg")), "made again");
    assertSame(whole, contents(out));
  }

  @Test
  void goesOnWhereItWasKilledBeforeTheFirstPhoto() throws IOException {
    Path out = folder.resolve("out");
    resize("--out", out.toString(), "--side", "90");
    Path killed = Files.createDirectories(folder.resolve("killed"));
    Files.writeString(killed.resolve("resize.txt.part"), "longest");
    Outcome outcome = resize("--out", killed.toString(), "--side", "90");
    assertEquals(0, outcome.code(), outcome.err());
    assertSame(contents(out), contents(killed));
  }

  @Test
  void replacesADatasetWhereItIs() throws IOException {
    Path out = folder.resolve("out");
    resize("--out", out.toString(), "--side", "90");
    Map<String, byte[]> expected = contents(out);
    expected.remove("resize.txt");
    Outcome outcome = resize("--in-place", "--side", "90");
    assertEquals(0, outcome.code(), outcome.err());
    Map<String, byte[]> found = contents(data);
    assertEquals("no photo", new String(found.remove("train/text.jpg"))); // is not thrown away
    assertSame(expected, found);
  }

  @Test
  void goesOnWithReplacing() throws IOException {
    Path stage = data.resolve("resize.part");
    resize("--out", stage.toString(), "--side", "90");
    Map<String, byte[]> expected = contents(stage);
    expected.remove("resize.txt");
    Files.createFile(stage.resolve("complete"));
    Files.move(
        stage.resolve("train/a.jpg"),
        data.resolve("train/a.jpg"),
        StandardCopyOption.REPLACE_EXISTING);
    Outcome outcome = resize("--in-place", "--side", "90");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("finished the interrupted replacement"), outcome.out());
    assertFalse(Files.exists(stage));
    Map<String, byte[]> found = contents(data);
    found.remove("train/text.jpg");
    assertSame(expected, found);
  }

  @Test
  void namesWhatIsWrong() throws IOException {
    Path out = folder.resolve("out");
    assertRefused("expected either --out DIR or --in-place, found neither");
    assertRefused("found both", "--in-place", "--out", out.toString());
    assertRefused("--images: expected none with", "--in-place", "--images", out.toString());
    assertRefused("a folder other than --data", "--out", data + "/.");
    assertRefused("--side: expected a whole number", "--out", out.toString(), "--side", "0");
    Files.createDirectories(out);
    Files.writeString(out.resolve("mine.txt"), "");
    assertRefused("found other files", "--out", out.toString());
    Path other = folder.resolve("other");
    resize("--out", other.toString(), "--side", "90");
    assertRefused(
        "one that resize began with longest side 80", "--out", other.toString(), "--side", "80");
    Path file = Files.createFile(folder.resolve("file"));
    assertRefused("cannot be written", "--out", file.resolve("x").toString());
    Path fresh = folder.resolve("fresh");
    Files.writeString(data.resolve("train.csv"), "ImageId,EncodedPixels,Height,Width,ClassId\n");
    assertRefused("expected at least one valid row", "--out", fresh.toString());
    assertFalse(Files.exists(fresh.resolve("train.csv")));
    Files.delete(data.resolve("train.csv"));
    assertRefused(
        "train.csv: expected a file with the masks", "--out", folder.resolve("new").toString());
    assertFalse(Files.exists(folder.resolve("new")));
  }

  private Outcome resize(String... options) {
    return TinyRun.call(
        Stream.concat(Stream.of("resize", "--data", data.toString()), Stream.of(options))
            .toArray(String[]::new));
  }

  private void assertRefused(String expected, String... options) {
    Outcome outcome = resize(options);
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains(expected), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
  }

  private static Map<String, byte[]> contents(Path dir) throws IOException {
    Map<String, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(dir.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private static void assertSame(Map<String, byte[]> expected, Map<String, byte[]> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, bytes) -> assertArrayEquals(bytes, found.get(name), name));
  }

  @Test
  void cocosFilesShrinkWithTheirPhotos() throws IOException {
    data = folder.resolve("coco");
    new CocoFiles(data)
        .photo(8, "b.png")
        .photo(3, "in/a.png")
        .image(7, "gone.png", 200, 120)
        .annotation(10, 8, 90, 0, CocoFiles.polygon())
        .annotation(11, 3, 4, 0, CocoFiles.numbers())
        .annotation(12, 3, 4, 1, CocoFiles.text())
        .annotation(13, 7, 4, 0, CocoFiles.polygon())
        .annotation(14, 8, 5, 0, CocoFiles.polygon())
        .annotation(15, 8, 4, 0, "{\"size\": [200, 120], \"counts\": [1, 1, 23998]}")
        .write();
    Path out = folder.resolve("out");
    Outcome outcome = resize("--out", out.toString(), "--side", "100", "--threads", "2");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.out().contains("2 photos, 3 annotations"), outcome.out());
    CocoDataset dataset = CocoDataset.open(out.resolve("annotations/instances_some.json"), null);
    assertEquals(List.of("b.png", "in/a.png"), List.of(dataset.fileName(0), dataset.fileName(1)));
    for (int imageIndex = 0; imageIndex < 2; imageIndex++) {
      assertEquals(100, dataset.height(imageIndex));
      assertEquals(60, dataset.width(imageIndex));
      Rle red = red(dataset.path(imageIndex));
      for (Instance object : dataset.instances(imageIndex)) {
        double iou = red.iou(object.mask());
        assertTrue(iou > 0.94, "the mask has an IoU of " + iou + " with what is red");
      }
    }
    assertEquals(2, dataset.instances(1).size());
    JsonNode json =
        new ObjectMapper().readTree(out.resolve("annotations/instances_some.json").toFile());
    assertEquals(2026, json.at("/info/year").asInt());
    assertEquals(4, json.at("/images/0/license").asInt());
    JsonNode polygon = json.at("/annotations/0");
    assertEquals("n10", polygon.get("note").asText());
    assertEquals(
        "[[15.0,20.0,45.0,20.0,45.0,70.0,15.0,70.0]]", polygon.get("segmentation").toString());
    assertEquals("[15.0,20.0,30.0,50.0]", polygon.get("bbox").toString());
    assertEquals("[15.0,20.0,2]", polygon.get("keypoints").toString());
    assertEquals(1500, polygon.get("area").asDouble());
    assertTrue(json.at("/annotations/1/segmentation/counts").isArray());
    assertTrue(json.at("/annotations/2/segmentation/counts").isTextual());
    assertEquals(1, json.at("/annotations/2/iscrowd").asInt());
    String file = "instances_some.json ";
    assertEquals(
        List.of(
            file
                + "line 1, image 7: file_name must name a photo in %s, found no gone.png there"
                    .formatted(data.resolve("some")),
            file
                + "line 1, annotation 14: expected \"category_id\" to be the id of a category,"
                + " found 5",
            file + "line 1, annotation 15: the mask is empty after resizing"),
        Files.readAllLines(out.resolve("skipped.txt")));

    Files.delete(out.resolve("some/b.png"));
    Files.delete(out.resolve("annotations/instances_some.json"));
    byte[] kept = Files.readAllBytes(out.resolve("some/in/a.png"));
    Files.write(out.resolve("some/in/a.png"), new byte[] {1}); // is not made again
    assertEquals(0, resize("--out", out.toString(), "--side", "100").code());
    assertTrue(Files.exists(out.resolve("some/b.png")));
    assertEquals(1, Files.size(out.resolve("some/in/a.png")));
    Files.write(out.resolve("some/in/a.png"), kept);
    JsonNode again =
        new ObjectMapper().readTree(out.resolve("annotations/instances_some.json").toFile());
    assertEquals(json, again);
  }

  /** As merged files have them; the photo is written once, and nothing outside of --out. */
  @Test
  void imagesOfOnePhotoKeepTheirAnnotations() throws IOException {
    data = folder.resolve("coco");
    new CocoFiles(data)
        .photo(3, "a.png")
        .image(7, "./a.png", CocoFiles.HEIGHT, CocoFiles.WIDTH)
        .image(8, "../some/a.png", CocoFiles.HEIGHT, CocoFiles.WIDTH)
        .annotation(10, 8, 90, 0, CocoFiles.polygon())
        .annotation(11, 3, 4, 0, CocoFiles.numbers())
        .annotation(12, 7, 4, 0, CocoFiles.text())
        .write();
    Path out = folder.resolve("out");
    Outcome outcome = resize("--out", out.toString(), "--side", "100");
    assertEquals(0, outcome.code(), outcome.err());
    CocoDataset dataset = CocoDataset.open(out.resolve("annotations/instances_some.json"), null);
    assertEquals(1, dataset.size());
    assertEquals(out.resolve("some/a.png"), dataset.path(0));
    assertEquals(3, dataset.images(0).size());
    assertEquals(3, dataset.instances(0).size());
    assertEquals(60, dataset.width(0));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(3, files.count()); // data, coco and out
    }
  }

  @Test
  void cocosFilesAreNotReplaced() throws IOException {
    data = folder.resolve("coco");
    new CocoFiles(data).photo(8, "b.png").write();
    Outcome outcome = resize("--in-place");
    assertEquals(2, outcome.code());
    assertTrue(
        outcome.err().contains("--in-place: expected a dataset in Kaggle's layout"), outcome.err());
  }
}
