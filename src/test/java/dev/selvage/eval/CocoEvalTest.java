package dev.selvage.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.coco.CocoJson;
import dev.selvage.eval.CocoStatistics.CategoryScore;
import dev.selvage.mask.Rle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
    CocoTruth truth = CocoJson.readTruth(resource("small_truth.json"));
    CocoScores scores = CocoEval.score(truth, CocoJson.readResults(resource(results), truth));
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
    CocoTruth truth = CocoJson.readTruth(truthFile);
    CocoScores scores = CocoEval.score(truth, CocoJson.readResults(resultFile, truth));
    assertScores(root.get("expected"), scores);
  }

  @Test
  void perfectResultsScoreOne() {
    CocoEval eval = new CocoEval(List.of(4, 2));
    Rle mask = Rle.fromRegion(filled(40 * 50), 10, 10, 40, 50, 100, 100);
    eval.add(
        List.of(GroundTruthObject.of(4, mask, false)),
        List.of(CocoDetection.of(4, 0.3, Xywh.of(mask), mask)));
    CocoScores scores = eval.scores();
    double[] expected = {1, 1, 1, -1, 1, -1, 1, 1, 1, -1, 1, -1};
    assertArrayEquals(expected, scores.segm().stats(), TOLERANCE);
    assertArrayEquals(expected, scores.bbox().stats(), TOLERANCE);
    assertEquals(2, scores.segm().categories().get(0).categoryId());
    assertTrue(Double.isNaN(scores.segm().categories().get(0).ap()));
    assertEquals(1, scores.segm().categories().get(1).ap50(), TOLERANCE);
  }

  @Test
  void aCrowdSwallowsDetectionsWithoutCountingThem() {
    Rle crowd = Rle.fromRegion(filled(60 * 60), 0, 0, 60, 60, 100, 100);
    Rle single = Rle.fromRegion(filled(20 * 20), 70, 70, 20, 20, 100, 100);
    Rle inside = Rle.fromRegion(filled(30 * 10), 5, 5, 30, 10, 100, 100);
    CocoEval eval = new CocoEval(List.of(1));
    eval.add(
        List.of(GroundTruthObject.of(1, crowd, true), GroundTruthObject.of(1, single, false)),
        List.of(
            CocoDetection.of(1, 0.9, Xywh.of(inside), inside),
            CocoDetection.of(1, 0.8, Xywh.of(inside), inside),
            CocoDetection.of(1, 0.7, Xywh.of(single), single)));
    assertEquals(1, eval.scores().segm().ap(), TOLERANCE);
    assertEquals(1, eval.scores().segm().categories().get(0).truths());
  }

  @Test
  void anUnknownCategoryIsRefused() {
    CocoEval eval = new CocoEval(List.of(1));
    GroundTruthObject truth = GroundTruthObject.of(2, Rle.empty(4, 4), false);
    assertThrows(IllegalArgumentException.class, () -> eval.add(List.of(truth), List.of()));
  }

  /**
   * Many detections are far from most objects. Masks of different sizes cannot be compared, so that
   * no exception means no comparison.
   */
  @Test
  void masksWhoseBoxesAreApartAreNotCompared() {
    CocoDetection detection = detection(square(0, 0, 30));
    GroundTruthObject near = GroundTruthObject.of(1, square(3, 3, 20), false);
    GroundTruthObject far = GroundTruthObject.of(1, square(4, 3, 20), false);
    assertThrows(
        IllegalArgumentException.class, () -> IouType.MASK.of(List.of(detection), List.of(near)));
    assertArrayEquals(new double[] {0}, IouType.MASK.of(List.of(detection), List.of(far))[0]);
  }

  private static CocoDetection detection(Rle mask) {
    return CocoDetection.of(1, 0.5, Xywh.of(mask), mask);
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
      JsonNode ap = categories.get(String.valueOf(score.categoryId()));
      assertEquals(
          ap.isNull() ? Double.NaN : ap.asDouble(),
          score.ap(),
          TOLERANCE,
          "category " + score.categoryId());
    }
  }

  private static Path resource(String name) throws Exception {
    return Path.of(CocoEvalTest.class.getResource(name).toURI());
  }
}
