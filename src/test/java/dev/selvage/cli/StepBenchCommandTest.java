package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.tensor.Tensor;
import java.io.IOException;
import java.util.List;
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
  }

  private static double positive(JsonNode found, String name) {
    assertTrue(found.has(name), name + " in " + found);
    assertTrue(found.get(name).asDouble() > 0, name + " in " + found);
    return found.get(name).asDouble();
  }

  private static JsonNode step(String layers) throws IOException {
    Outcome outcome =
        TinyRun.call(
            "bench",
            "step",
            "--backbone",
            "resnet18",
            "--size",
            "64",
            "--batch",
            "1",
            "--rois",
            "6",
            "--steps",
            "1",
            "--layers",
            layers,
            "--device",
            "cpu",
            "--json");
    assertEquals(0, outcome.code(), outcome.err());
    return new ObjectMapper().readTree(outcome.out());
  }
}
