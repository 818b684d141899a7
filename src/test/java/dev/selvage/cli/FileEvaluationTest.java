package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.cli.TinyRun.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The golden file by the command line, as it is and made worse. */
class FileEvaluationTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path folder;

  private ObjectNode root;

  @BeforeEach
  void read() throws IOException {
    Path golden =
        Path.of(System.getProperty("golden.dir", "../shared/golden")).resolve("analysis_eval.json");
    assumeTrue(Files.exists(golden), golden + " is not there: give its folder by -Dgolden.dir=DIR");
    root = (ObjectNode) MAPPER.readTree(golden.toFile());
  }

  @Test
  void theJsonIsBuiltAsThePublicToolsResultsAre() throws IOException {
    assertSame(root.get("expected"), MAPPER.readTree(evaluate("--json")), "");
  }

  @Test
  void theTextHasTheSameNumbers() throws IOException {
    String text = evaluate();
    assertTrue(
        text.contains(
            "points lost, by masks   28.87  25.52   5.37   0.78   0.43   0.49   6.10      5.13     15.57\n"),
        text);
    assertTrue(text.contains("Boundary AP 0.146, AP50 0.499, AP75 0.030\n"), text);
    assertTrue(
        text.contains(
            "masks, IoU and attributes            0.282   0.003   0.153   0.366   0.371\n"),
        text);
  }

  @Test
  void otherCategoriesHaveNoAttributeAp() throws IOException {
    ((ObjectNode) root.get("ground_truth"))
        .withArray("categories")
        .addObject()
        .put("id", 46)
        .put("name", "x");
    Outcome outcome = call("--json");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("are not those of Fashionpedia"), outcome.err());
    assertFalse(MAPPER.readTree(outcome.out()).has("fashionpedia"));
  }

  @Test
  void nothingFoundAndNothingThereCanBeScored() throws IOException {
    root.set("detections", MAPPER.createArrayNode());
    JsonNode json = MAPPER.readTree(evaluate("--json"));
    assertEquals(0, json.get("tide").get("segm").get("ap50_percent").asDouble());
    assertTrue(json.get("calibration").get("expected_calibration_error").isNull());
    ((ArrayNode) root.get("ground_truth").get("annotations")).removeAll();
    json = MAPPER.readTree(evaluate("--json"));
    assertEquals(1, json.get("kaggle2019").asDouble());
    assertEquals(-1, json.get("boundary").get("stats").get(0).asDouble());
    assertTrue(json.get("tide").get("segm").isEmpty());
    assertFalse(evaluate().contains("NaN"));
  }

  /** Without photos the page has outlines alone. */
  @Test
  void theReportHasTheSameNumbersAsCsv() throws IOException {
    Path report = folder.resolve("report");
    Outcome outcome = call("--report", report.toString());
    assertEquals(0, outcome.code(), outcome.err());
    List<String> errors = Files.readAllLines(report.resolve("errors.csv"));
    String all = errors.stream().filter(e -> e.startsWith("segm,(all),")).findFirst().orElseThrow();
    String[] cells = all.split(",");
    JsonNode tide = root.get("expected").get("tide").get("segm");
    assertEquals(tide.get("ap50_percent").asDouble(), Double.parseDouble(cells[2]), 1e-9);
    assertEquals(tide.get("main").get("Cls").asDouble(), Double.parseDouble(cells[3]), 1e-9);
    assertEquals(61, Files.readAllLines(report.resolve("photos.csv")).size());
    assertEquals(48, Files.readAllLines(report.resolve("confusion.csv")).size());
    String page = Files.readString(report.resolve("report.html"));
    assertTrue(page.contains("\"truths\"") && !page.contains("\"file\""));
  }

  @Test
  void photosThatAreNotThereAreSaid() throws IOException {
    Path report = folder.resolve("report");
    Outcome wrong = call("--report", report.toString(), "--images", folder + "/none");
    assertEquals(2, wrong.code());
    assertEquals(
        "selvage: option --images: expected the folder of the photos, found none at "
            + folder
            + "/none\n",
        wrong.err());
    Outcome outcome = call("--report", report.toString(), "--images", folder.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(
        outcome.err().contains(" photos of the report cannot be used; for example, "),
        outcome.err());
    assertEquals(2, outcome.err().lines().count(), outcome.err());
  }

  private String evaluate(String... options) throws IOException {
    Outcome outcome = call(options);
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals("", outcome.err());
    return outcome.out();
  }

  private Outcome call(String... options) throws IOException {
    Path truth = folder.resolve("truth.json");
    Path results = folder.resolve("results.json");
    MAPPER.writeValue(truth.toFile(), root.get("ground_truth"));
    MAPPER.writeValue(results.toFile(), root.get("detections"));
    String[] call = {"evaluate", "--truth", truth.toString(), "--detections", results.toString()};
    return TinyRun.call(Stream.of(call, options).flatMap(Stream::of).toArray(String[]::new));
  }

  private static void assertSame(JsonNode expected, JsonNode found, String place) {
    if (expected.isNumber()) {
      assertEquals(expected.asDouble(), found.asDouble(), 1e-9, place);
    } else if (expected.isArray()) {
      assertEquals(expected.size(), found.size(), place);
      for (int i = 0; i < expected.size(); i++) {
        assertSame(expected.get(i), found.get(i), place + "/" + i);
      }
    } else {
      for (Map.Entry<String, JsonNode> entry : expected.properties()) {
        String name = place + "/" + entry.getKey();
        assertTrue(found.has(entry.getKey()), name);
        assertSame(entry.getValue(), found.get(entry.getKey()), name);
      }
    }
  }
}
