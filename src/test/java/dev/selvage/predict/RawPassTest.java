package dev.selvage.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.TinyRun;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.Dataset;
import dev.selvage.data.Detection;
import dev.selvage.data.image.PhotoFailures;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import dev.selvage.data.loader.Datasets;
import dev.selvage.nn.Parameters;
import dev.selvage.util.ContentHash;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawPassTest {
  private static final int[] IMAGES = {0, 1, 3};

  @TempDir static Path shared;
  @TempDir Path folder;

  private static TinyRun tiny;
  private static Parameters parameters;
  private Path weights;
  private Path file;
  private Config config;
  private Dataset dataset;
  private final List<String> notes = new ArrayList<>();

  @BeforeAll
  static void makeRun() throws IOException {
    tiny = new TinyRun(shared);
    Path run = tiny.run;
    parameters =
        SavedModel.load(
            run.resolve("mask_rcnn_tiny_0001.h5"),
            ConfigReader.read(null, run.resolve("config.json"), List.of()));
  }

  @AfterAll
  static void close() {
    parameters.close();
  }

  @BeforeEach
  void open() {
    weights = tiny.run.resolve("mask_rcnn_tiny_0001.h5");
    file = folder.resolve("tiny.raw");
    config = ConfigReader.read(null, tiny.run.resolve("config.json"), List.of());
    dataset = Datasets.open(tiny.data, null);
  }

  @Test
  void holdsTheDetectionsOfTheSettings() {
    config = config.with("DETECTION_MASK_THRESHOLD", 0.47f);
    assertSame(List.of(DetectionRules.of(config)), 6);
  }

  /** A region becomes an object of each class that scores high enough, or only of its likeliest. */
  @Test
  void aRegionIsOfEveryClassOnlyIfTheSettingsSaySo() {
    config = config.with("DETECTION_MIN_CONFIDENCE", 0.05f).with("DETECTION_MAX_INSTANCES", 1000);
    PhotoSize size = new PhotoSize(50, 70);
    List<Detection> one =
        new Predictor(config, parameters).find(dataset.path(0), size).orElseThrow();
    config = config.with("DETECTION_ALL_CLASSES", true);
    List<Detection> all =
        new Predictor(config, parameters).find(dataset.path(0), size).orElseThrow();
    assertTrue(all.size() > one.size(), all.size() + " of all classes, " + one.size() + " of one");
    assertEquals(one.get(0).score(), all.get(0).score(), 1e-6);
    assertSame(List.of(DetectionRules.of(config)), one.size() + 1);
  }

  /** At every threshold of the grid, the few that are kept give what all candidates give. */
  @Test
  void holdsTheDetectionsOfOtherRules() {
    List<DetectionRules> rules = new ArrayList<>();
    for (double nms : new double[] {0.2, 0.3, 0.4, 0.5, 0.6, 0.7}) {
      for (boolean all : new boolean[] {false, true}) {
        double[] scores = {0.2, 0.25, 0.15};
        double maskness = all ? 0.1 : 0;
        rules.add(
            new DetectionRules(scores, all, nms, 0.8, 9, 0.4, 20, Overlaps.SMALL, maskness, false));
      }
    }
    assertSame(rules, 1);
  }

  /** The photos are read again, and give the same edges. */
  @Test
  void looksForTheSameEdges() {
    config = config.with("DETECTION_MASK_EDGES", true);
    assertSame(List.of(DetectionRules.of(config)), 6);
    assertSame(List.of(DetectionRules.of(config), DetectionRules.of(config).withMaskness(0.5)), 6);
  }

  private void assertSame(List<DetectionRules> all, int least) {
    RawFile raw = pass(Integer.MAX_VALUE);
    Predictor predictor = new Predictor(config, parameters);
    for (DetectionRules rules : all) {
      for (int i = 0; i < IMAGES.length; i++) {
        // without rules the settings choose, in the kernel
        Predictor direct = all.size() == 1 ? predictor : predictor.by(rules);
        List<Detection> expected =
            direct.find(dataset.path(IMAGES[i]), new PhotoSize(50, 70)).orElseThrow();
        List<Detection> found =
            new RawDetector(raw, dataset, IMAGES, config, new Photos(), rules)
                .find(i)
                .orElseThrow();
        assertTrue(expected.size() >= least, "only " + expected.size());
        assertEquals(expected.size(), found.size());
        for (int d = 0; d < found.size(); d++) {
          assertSame(expected.get(d), found.get(d));
        }
      }
    }
  }

  private static void assertSame(Detection expected, Detection found) {
    assertEquals(expected.classId(), found.classId());
    assertEquals(expected.score(), found.score(), 1e-6);
    assertEquals(expected.box().x(), found.box().x(), 1e-4);
    assertEquals(expected.box().height(), found.box().height(), 1e-4);
    int common = expected.mask().intersection(found.mask());
    assertEquals(expected.mask().area(), common, 2);
    assertEquals(found.mask().area(), common, 2);
  }

  @Test
  void goesOnWhereItStopped() throws IOException {
    byte[] whole = Files.readAllBytes(run(Integer.MAX_VALUE));
    Files.delete(file);
    assertThrows(IllegalStateException.class, () -> pass(1));
    assertTrue(Files.size(file) > 1000 && Files.size(file) < whole.length);
    assertArrayEquals(whole, Files.readAllBytes(run(2)));
    assertArrayEquals(whole, Files.readAllBytes(run(0)));
    assertEquals(List.of(), notes);
  }

  @Test
  void cutsOffWhatIsDamaged() throws IOException {
    byte[] whole = Files.readAllBytes(run(Integer.MAX_VALUE));
    for (int change : new int[] {1, whole.length / 3}) {
      notes.clear();
      byte[] damaged = whole.clone();
      damaged[whole.length - change] ^= 4;
      Files.write(file, damaged);
      assertArrayEquals(whole, Files.readAllBytes(run(3)), "byte " + change);
      assertEquals(1, notes.size());
      assertTrue(notes.get(0).contains("damaged or half-written"), notes::toString);
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertArrayEquals(whole, Files.readAllBytes(run(1)));
    Files.write(file, Arrays.copyOf(whole, 40));
    assertRefused("found a damaged file; delete it");
    Files.writeString(file, "ImageId,EncodedPixels");
    assertRefused("expected raw detections that");
  }

  @Test
  void refusesWhatIsOfSomethingElse() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data/train")).getParent();
    for (String name :
        List.of(
            "train.csv",
            "label_descriptions.json",
            "train/0.png",
            "train/1.png",
            "train/2.png",
            "train/3.png")) {
      Files.copy(tiny.data.resolve(name), data.resolve(name));
    }
    dataset = Datasets.open(data, null);
    run(Integer.MAX_VALUE);
    Config same = config;
    config = same.with("RPN_NMS_THRESHOLD", 0.6f);
    assertRefused("found those of RPN_NMS_THRESHOLD=0.7, not 0.6;");
    config = same.with("DETECTION_MIN_CONFIDENCE", 0.6f); // this can be applied later
    run(0);
    RawHeader plain = header(View.PLAIN);
    RawHeader flipped = header(View.PLAIN, new View(true, 1));
    assertOther(plain, flipped, "found those of --views=none, not flip;");
    Map<String, String> fewer = new TreeMap<>(plain.settings());
    fewer.remove("--views");
    RawHeader older =
        new RawHeader(
            plain.weights(),
            fewer,
            plain.categories(),
            plain.dataset(),
            plain.photos(),
            plain.sizes(),
            plain.count());
    assertOther(older, plain, "found those of --views=null, not none;");
    int[] others = {0, 1, 2};
    assertRefused("found those of 3 other photos of data;", others);
    Path right = weights;
    weights = Files.write(folder.resolve("other.h5"), new byte[] {1});
    assertRefused("found those of other weights;");
    weights = right;
    Path photo = dataset.path(0);
    byte[] bytes = Files.readAllBytes(photo);
    Files.write(photo, Arrays.copyOf(bytes, bytes.length + 1));
    assertRefused("found those of photos of other sizes;");
    Files.copy(photo, photo.resolveSibling("one-more.png"));
    Path csv = photo.resolveSibling("../train.csv");
    Files.writeString(csv, Files.readString(csv) + "one-more.png,1 2,50,70,5\n");
    dataset = Datasets.open(csv.getParent(), null);
    assertRefused("found those of another dataset (data);");
  }

  private RawHeader header(View... views) {
    return RawHeader.of(ContentHash.of(weights), List.of(config), List.of(views), dataset, IMAGES);
  }

  private void assertOther(RawHeader found, RawHeader wanted, String part) {
    UserError error = assertThrows(UserError.class, () -> found.requireSame(wanted, file));
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }

  private void assertRefused(String part) {
    assertRefused(part, IMAGES);
  }

  private void assertRefused(String part, int[] images) {
    UserError error =
        assertThrows(
            UserError.class,
            () ->
                new RawPass(
                    file,
                    ContentHash.of(weights),
                    List.of(config),
                    List.of(View.PLAIN),
                    dataset,
                    images,
                    notes::add));
    assertTrue(error.getMessage().startsWith(file + ": expected "), error.getMessage());
    assertTrue(error.getMessage().contains(part), error.getMessage());
  }

  private Path run(int photos) {
    pass(photos);
    return file;
  }

  /** The raw detections of all photos, of which at most so many may be computed. */
  private RawFile pass(int photos) {
    PhotoFailures failures = new PhotoFailures(IMAGES.length, notes::add);
    RawPass pass =
        new RawPass(
            file,
            ContentHash.of(weights),
            List.of(config),
            List.of(View.PLAIN),
            dataset,
            IMAGES,
            notes::add);
    int[] left = {photos};
    Predictor predictor =
        new Predictor(config, parameters, failures.photos(config.EXIF_ORIENTATION));
    pass.run(
        predictor,
        failures,
        () -> {
          if (--left[0] < 0) {
            throw new IllegalStateException("enough");
          }
        });
    assertEquals(0, pass.missing());
    return pass.file();
  }
}
