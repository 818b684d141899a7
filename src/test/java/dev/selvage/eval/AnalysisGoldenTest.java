package dev.selvage.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.coco.CocoAnnotations;
import dev.selvage.coco.CocoAttributes;
import dev.selvage.coco.CocoImage;
import dev.selvage.coco.CocoResults;
import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import dev.selvage.eval.fashionpedia.AttributedDetection;
import dev.selvage.eval.fashionpedia.AttributedTruth;
import dev.selvage.eval.fashionpedia.Attributes;
import dev.selvage.eval.fashionpedia.FashionpediaEval;
import dev.selvage.eval.tide.PhotoErrors;
import dev.selvage.eval.tide.Tide;
import dev.selvage.eval.tide.TideErrors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Expected numbers are those of tidecv, the Boundary IoU API and the Fashionpedia API. */
class AnalysisGoldenTest {
  private static final double TOLERANCE = 1e-9;

  @TempDir private Path folder;

  private JsonNode expected;
  private CocoAnnotations truth;
  private Map<Long, List<Detection>> detections;
  private CocoAttributes attributes;

  @BeforeEach
  void read() throws Exception {
    Path golden =
        Path.of(System.getProperty("golden.dir", "../shared/golden")).resolve("analysis_eval.json");
    assumeTrue(Files.exists(golden), golden + " is not there: give its folder by -Dgolden.dir=DIR");
    ObjectMapper mapper = new ObjectMapper();
    JsonNode root = mapper.readTree(golden.toFile());
    Path truthFile = folder.resolve("truth.json");
    Path resultFile = folder.resolve("results.json");
    mapper.writeValue(truthFile.toFile(), root.get("ground_truth"));
    mapper.writeValue(resultFile.toFile(), root.get("detections"));
    expected = root.get("expected");
    truth = CocoAnnotations.open(truthFile);
    detections = CocoResults.read(resultFile, truth, warning -> {});
    attributes = CocoAttributes.read(truth, resultFile).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(names = {"BOX", "MASK"})
  void agreesWithTidecv(IouType kind) {
    Tide tide = new Tide();
    for (CocoImage image : truth.images()) {
      List<Instance> truths = truth.instances(image);
      List<Detection> found = found(image);
      tide.add(image.index(), truths, found, PhotoErrors.of(truths, found, kind.of(found, truths)));
    }
    JsonNode wanted = expected.get("tide").get(key(kind));
    TideErrors errors = tide.errors();
    assertEquals(wanted.get("ap50_percent").asDouble(), errors.ap50(), TOLERANCE);
    assertEquals(wanted.get("main").size(), errors.main().size());
    errors
        .main()
        .forEach(
            (type, cost) ->
                assertEquals(
                    wanted.get("main").get(type.key()).asDouble(), cost, TOLERANCE, type.key()));
    JsonNode special = wanted.get("special");
    assertEquals(special.get("FalsePos").asDouble(), errors.falsePositives(), TOLERANCE);
    assertEquals(special.get("FalseNeg").asDouble(), errors.falseNegatives(), TOLERANCE);
  }

  @Test
  void agreesWithTheBoundaryIouApi() throws Exception {
    CategoryMatches boundary = new CategoryMatches(truth.categories(), IouType.BOUNDARY);
    for (CocoImage image : truth.images()) {
      boundary.add(truth.instances(image), found(image));
    }
    JsonNode wanted = expected.get("boundary");
    assertEquals(wanted.get("dilation_ratio").asDouble(), Boundary.DILATION_RATIO);
    assertArrayEquals(
        new ObjectMapper().convertValue(wanted.get("stats"), double[].class),
        boundary.statistics().stats(),
        TOLERANCE);
  }

  @ParameterizedTest
  @EnumSource(names = {"BOX", "MASK"})
  void agreesWithTheFashionpediaApi(IouType kind) {
    FashionpediaEval eval = new FashionpediaEval(truth.categories(), kind);
    for (CocoImage image : truth.images()) {
      List<Instance> truths = truth.instances(image);
      List<AttributedTruth> wanted = new ArrayList<>();
      for (int t = 0; t < truths.size(); t++) {
        wanted.add(
            new AttributedTruth(
                truths.get(t),
                new Attributes(attributes.truths(image).get(t), attributes.count())));
      }
      List<AttributedDetection> found = new ArrayList<>();
      for (int d = 0; d < found(image).size(); d++) {
        found.add(
            new AttributedDetection(
                found(image).get(d),
                new Attributes(attributes.found(image).get(d), attributes.count())));
      }
      eval.add(wanted, found);
    }
    for (FashionpediaEval.Thresholds thresholds : FashionpediaEval.Thresholds.values()) {
      JsonNode wanted = expected.get("fashionpedia").get(key(kind)).get(thresholds.key());
      Map<String, Double> results = eval.results(thresholds);
      List<String> names = new ArrayList<>();
      wanted.fieldNames().forEachRemaining(names::add);
      assertEquals(names, List.copyOf(results.keySet()));
      results.forEach(
          (name, value) ->
              assertEquals(
                  wanted.get(name).asDouble(), value, TOLERANCE, thresholds.key() + " " + name));
    }
  }

  private List<Detection> found(CocoImage image) {
    return detections.getOrDefault(image.id(), List.of());
  }

  private static String key(IouType kind) {
    return kind == IouType.BOX ? "bbox" : "segm";
  }
}
