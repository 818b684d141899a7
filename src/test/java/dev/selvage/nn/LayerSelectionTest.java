package dev.selvage.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerSelectionTest {
  private static final List<String> LAYERS =
      List.of(
          "conv1",
          "bn_conv1",
          "res2a_branch1",
          "bn2a_branch1",
          "res3a_branch2a",
          "bn3d_branch2c",
          "res4b_branch2b",
          "bn4w_branch2a",
          "res5c_branch2c",
          "bn5a_branch1",
          "fpn_c5p5",
          "rpn_conv_shared",
          "mrcnn_mask");

  /** The first layer of the list that learns; all after it do too. */
  @ParameterizedTest
  @CsvSource({
    "heads, fpn_c5p5",
    "5+, res5c_branch2c",
    "4+, res4b_branch2b",
    "3+, res3a_branch2a",
    "all, conv1"
  })
  void matterportsNamesSelectFromAStageOn(String name, String first) {
    assertEquals(LAYERS.subList(LAYERS.indexOf(first), LAYERS.size()), selected(name));
  }

  @Test
  void anythingElseIsARegularExpressionOverWholeNames() {
    assertEquals(List.of("res2a_branch1", "res3a_branch2a"), selected("res[23].*"));
    assertEquals(List.of(), selected("res"));
    assertEquals(List.of("conv1", "mrcnn_mask"), selected("conv1|mrcnn_mask"));
  }

  @Test
  void aBrokenExpressionIsRefused() {
    UserError error = assertThrows(UserError.class, () -> LayerSelection.pattern("(res"));
    assertTrue(error.getMessage().startsWith("LAYERS: expected heads, 3+, "), error.getMessage());
    assertTrue(error.getMessage().contains("found \"(res\""), error.getMessage());
  }

  private static List<String> selected(String layers) {
    Pattern pattern = LayerSelection.pattern(layers);
    return LAYERS.stream().filter(layer -> pattern.matcher(layer).matches()).toList();
  }
}
