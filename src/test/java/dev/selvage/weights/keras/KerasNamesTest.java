package dev.selvage.weights.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.weights.keras.KerasNames.Name;
import java.util.List;
import org.junit.jupiter.api.Test;

class KerasNamesTest {
  private static final Name KERNEL = new Name("conv1", "kernel");
  private static final Name BIAS = new Name("conv1", "bias");

  @Test
  void aLayerKeepsItsGroupsName() {
    for (String scope :
        List.of("conv1", "conv1_1", "conv1_12", "model_1/conv1", "conv1/conv2d_7")) {
      assertEquals(
          List.of(KERNEL, BIAS),
          KerasNames.of("conv1", List.of(scope + "/kernel:0", scope + "/bias:0")),
          scope);
    }
  }

  @Test
  void aNameThatEndsInANumberIsNotASuffix() {
    assertEquals(
        List.of(new Name("conv2d_1", "kernel")),
        KerasNames.of("conv2d_1", List.of("conv2d_1/kernel:0")));
    assertEquals(
        List.of(new Name("conv2d_1", "kernel")),
        KerasNames.of("conv2d_1", List.of("conv2d_1_2/kernel:0")));
  }

  @Test
  void layersOfANestedModelKeepTheirOwn() {
    List<Name> expected =
        List.of(new Name("rpn_conv_shared", "kernel"), new Name("rpn_class_raw", "kernel"));
    for (String prefix : List.of("", "rpn_model/", "rpn_model_1/")) {
      for (String suffix : List.of("", "_1")) {
        assertEquals(
            expected,
            KerasNames.of(
                "rpn_model",
                List.of(
                    prefix + "rpn_conv_shared" + suffix + "/kernel:0",
                    prefix + "rpn_class_raw" + suffix + "/kernel:0")));
      }
    }
    assertEquals(
        List.of(new Name("rpn_conv_shared", "kernel")),
        KerasNames.of("rpn_model", List.of("rpn_conv_shared_1/kernel:0")));
  }

  @Test
  void onlyWhatAllLayersOfANestedModelShareIsASuffix() {
    for (String second : List.of("b", "a_2")) {
      assertEquals(
          List.of(new Name("a_1", "kernel"), new Name(second, "kernel")),
          KerasNames.of("nested", List.of("a_1/kernel:0", second + "/kernel:0")));
    }
  }
}
