package dev.selvage.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.coco.CocoAnnotations;
import dev.selvage.coco.CocoImage;
import dev.selvage.coco.CocoResults;
import dev.selvage.data.Box;
import dev.selvage.data.Category;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.CocoStatistics.CategoryScore;
import dev.selvage.mask.Rle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expected numbers are those of the real pycocotools. */
class CocoEvalTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double TOLERANCE = 1e-9;

  /**
   * Ellipses with crowds, tied scores, polygons, both kinds of run lengths, sparse ids, results
   * without masks.
   */
  @ParameterizedTest
  @ValueSource(strings = {"small_results.json", "small_results_masks.json"})
  void agreesWithPycocotoolsOnASmallCase(String results) throws Exception {
    CocoScores scores = score(resource("small_truth.json"), resource(results));
    assertScores(MAPPER.readTree(resource("small_expected.json").toFile()).get(results), scores);
  }

  @Test
  void agreesWithPycocotoolsOnTheGoldenFile(@TempDir Path folder) throws IOException {
    Path golden =
        Path.of(System.getProperty("golden.dir", "../shared/golden")).resolve("coco_eval.json");
    assumeTrue(Files.exists(golden), golden + " is not there: give its folder by -Dgolden.dir=DIR");
    JsonNode root = MAPPER.readTree(golden.toFile());
    Path truthFile = folder.resolve("truth.json");
    Path resultFile = folder.resolve("results.json");
    MAPPER.writeValue(truthFile.toFile(), root.get("ground_truth"));
    MAPPER.writeValue(resultFile.toFile(), root.get("detections"));
    assertScores(root.get("expected"), score(truthFile, resultFile));
  }

  @Test
  void perfectResultsScoreOne() {
    CocoEval eval = new CocoEval(categories(4, 2));
    Rle mask = Rle.fromRegion(filled(40 * 50), 10, 10, 40, 50, 100, 100);
    eval.add(List.of(new Instance(1, mask, false)), List.of(detection(1, 0.3, mask)));
    CocoScores scores = eval.scores();
    double[] expected = {1, 1, 1, -1, 1, -1, 1, 1, 1, -1, 1, -1};
    assertArrayEquals(expected, scores.segm().stats(), TOLERANCE);
    assertArrayEquals(expected, scores.bbox().stats(), TOLERANCE);
    assertEquals(2, scores.segm().categories().get(0).category().id());
    assertTrue(Double.isNaN(scores.segm().categories().get(0).ap()));
    assertEquals(1, scores.segm().categories().get(1).ap50(), TOLERANCE);
  }

  @Test
  void aCrowdSwallowsDetectionsWithoutCountingThem() {
    Rle crowd = Rle.fromRegion(filled(60 * 60), 0, 0, 60, 60, 100, 100);
    Rle single = Rle.fromRegion(filled(20 * 20), 70, 70, 20, 20, 100, 100);
    Rle inside = Rle.fromRegion(filled(30 * 10), 5, 5, 30, 10, 100, 100);
    CocoEval eval = new CocoEval(categories(1));
    eval.add(
        List.of(new Instance(1, crowd, true), new Instance(1, single, false)),
        List.of(detection(1, 0.9, inside), detection(1, 0.8, inside), detection(1, 0.7, single)));
    assertEquals(1, eval.scores().segm().ap(), TOLERANCE);
    assertEquals(1, eval.scores().segm().categories().get(0).truths());
  }

  @Test
  void anUnknownClassIsRefused() {
    CocoEval eval = new CocoEval(categories(1));
    Instance truth = new Instance(2, Rle.empty(4, 4), false);
    assertThrows(IllegalArgumentException.class, () -> eval.add(List.of(truth), List.of()));
  }

  /**
   * Many detections are far from most objects. Masks of different sizes cannot be compared, so that
   * no exception means no comparison.
   */
  @Test
  void masksWhoseBoxesAreApartAreNotCompared() {
    Detection detection = detection(1, 0.5, square(0, 0, 30));
    Instance near = new Instance(1, square(3, 3, 20), false);
    Instance far = new Instance(1, square(4, 3, 20), false);
    assertThrows(
        IllegalArgumentException.class, () -> IouType.MASK.of(List.of(detection), List.of(near)));
    assertArrayEquals(new double[] {0}, IouType.MASK.of(List.of(detection), List.of(far))[0]);
  }

  private static CocoScores score(Path truthFile, Path resultFile) {
    CocoAnnotations truth = CocoAnnotations.open(truthFile);
    Map<Long, List<Detection>> detections = CocoResults.read(resultFile, truth, warning -> {});
    CocoEval eval = new CocoEval(truth.categories());
    for (CocoImage image : truth.images()) {
      eval.add(truth.instances(image), detections.getOrDefault(image.id(), List.of()));
    }
    return eval.scores();
  }

  private static List<Category> categories(int... ids) {
    return Arrays.stream(ids).mapToObj(id -> new Category(id, "name", "")).toList();
  }

  private static Detection detection(int classId, double score, Rle mask) {
    return new Detection(classId, score, Box.of(mask), mask);
  }

  /** A square of 4 pixels a side in a mask of {@code size} pixels a side. */
  private static Rle square(int top, int left, int size) {
    return Rle.fromRegion(filled(16), top, left, 4, 4, size, size);
  }

  private static byte[] filled(int size) {
    byte[] pixels = new byte[size];
    Arrays.fill(pixels, (byte) 1);
    return pixels;
  }

  private static void assertScores(JsonNode expected, CocoScores scores) {
    assertStatistics(expected.get("bbox"), scores.bbox());
    assertStatistics(expected.get("segm"), scores.segm());
  }

  private static void assertStatistics(JsonNode expected, CocoStatistics found) {
    double[] stats = MAPPER.convertValue(expected.get("stats"), double[].class);
    assertArrayEquals(stats, found.stats(), TOLERANCE);
    JsonNode categories = expected.get("per_category_ap");
    assertEquals(categories.size(), found.categories().size());
    for (CategoryScore score : found.categories()) {
      JsonNode ap = categories.get(String.valueOf(score.category().id()));
      assertEquals(
          ap.isNull() ? Double.NaN : ap.asDouble(),
          score.ap(),
          TOLERANCE,
          "category " + score.category().id());
    }
  }

  private static Path resource(String name) throws Exception {
    return Path.of(CocoEvalTest.class.getResource(name).toURI());
  }
}
