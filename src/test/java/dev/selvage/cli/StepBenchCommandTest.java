package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.model.TinyModel;
import dev.selvage.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StepBenchCommandTest {
  private static final List<String> FORWARD =
      List.of(
          "photos",
          "backbone_and_pyramid",
          "rpn",
          "proposals_and_targets",
          "heads",
          "losses",
          "optimizer");

  @Test
  void theStagesOfAStepAddUpToIt() throws IOException {
    long live = Tensor.live();
    JsonNode all = step("all");
    double sum = 0;
    for (String stage : FORWARD) {
      sum += positive(all, "stage_" + stage + "_ms");
    }
    for (String stage : List.of("heads", "rpn", "backbone_and_pyramid")) {
      sum += positive(all, "stage_backward_" + stage + "_ms");
    }
    assertEquals(all.get("stages_sum_ms").asDouble(), sum, 1e-9);
    assertTrue(sum <= all.get("stages_pass_ms").asDouble());
    assertEquals(live, Tensor.live());
  }

  @Test
  void noStageIsBackwardBelowWhatIsFrozen() throws IOException {
    JsonNode heads = step("mrcnn.*");
    positive(heads, "stage_backward_heads_ms");
    assertTrue(heads.path("stage_backward_backbone_and_pyramid_ms").isMissingNode());
    assertTrue(heads.path("stage_backward_rpn_ms").isMissingNode());
    assertTrue(heads.path("median_beside_ms").isMissingNode());
  }

  @Test
  void aBusyProcessIsMeasuredBesideAndEnded() throws IOException {
    Set<ProcessHandle> before = children();
    JsonNode found = step("heads", "--beside", "1", "--threads", "1");
    double quiet = positive(found, "median_ms");
    double beside = positive(found, "median_beside_ms");
    assertEquals(quiet / beside, positive(found, "throughput_beside"), 1e-9);
    double cores = Runtime.getRuntime().availableProcessors();
    assertEquals(Math.min(1, cores / 2), positive(found, "fair_share"), 1e-9);
    assertEquals(before, children());
  }

  private static Set<ProcessHandle> children() {
    return ProcessHandle.current().children().collect(Collectors.toSet());
  }

  private static double positive(JsonNode found, String name) {
    assertTrue(found.has(name), name + " in " + found);
    assertTrue(found.get(name).asDouble() > 0, name + " in " + found);
    return found.get(name).asDouble();
  }

  private static JsonNode step(String layers, String... more) throws IOException {
    List<String> line = new ArrayList<>(List.of("bench", "step"));
    line.addAll(List.of("--size", "64", "--batch", "1", "--rois", "6", "--steps", "1"));
    line.addAll(List.of("--layers", layers, "--device", "cpu", "--json"));
    line.addAll(TinyModel.words());
    line.addAll(List.of(more));
    Outcome outcome = TinyRun.call(line.toArray(String[]::new));
    assertEquals(0, outcome.code(), outcome.err());
    return new ObjectMapper().readTree(outcome.out());
  }
}
