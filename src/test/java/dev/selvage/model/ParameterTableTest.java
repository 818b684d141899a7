package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.config.Config;
import dev.selvage.nn.ParameterSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterTableTest {
  private static List<ParameterSpec> table(String backbone, int classes) {
    Config config = Config.defaults().with("BACKBONE", backbone).with("NUM_CLASSES", classes);
    return ParameterTable.of(config);
  }

  /** What Keras' summary of Matterport's model for COCO says. */
  @Test
  void countsWhatKerasCounts() {
    List<ParameterSpec> specs = table("resnet101", 81);
    long learned =
        specs.stream().filter(s -> !s.isStatistic()).mapToLong(ParameterSpec::size).sum();
    long statistics =
        specs.stream().filter(ParameterSpec::isStatistic).mapToLong(ParameterSpec::size).sum();
    assertEquals(64_158_584, learned + statistics);
    assertEquals(111_488, statistics);
  }

  @Test
  void namesShapesAndOrderAreKeras() {
    List<ParameterSpec> specs = table("resnet50", 47);
    assertEquals("conv1/kernel", specs.get(0).name());
    assertArrayEquals(new long[] {7, 7, 3, 64}, specs.get(0).shape());
    assertEquals("bn_conv1/moving_variance", specs.get(5).name());
    assertEquals("mrcnn_mask/bias", specs.get(specs.size() - 1).name());
    ParameterSpec deconv =
        specs.stream()
            .filter(s -> s.name().equals("mrcnn_mask_deconv/kernel"))
            .findFirst()
            .orElseThrow();
    assertArrayEquals(new long[] {2, 2, 256, 256}, deconv.shape());
    ParameterSpec rpn =
        specs.stream().filter(s -> s.name().equals("rpn_class_raw/bias")).findFirst().orElseThrow();
    assertEquals("rpn_model", rpn.group());
    assertArrayEquals(new long[] {6}, rpn.shape());
  }

  @Test
  void smallBackbonesHaveTwoConvolutionsABlock() {
    List<String> layers =
        table("resnet18", 3).stream().map(ParameterSpec::layer).distinct().toList();
    assertEquals(
        List.of(
            "conv1",
            "bn_conv1",
            "res2a_branch2a",
            "bn2a_branch2a",
            "res2a_branch2b",
            "bn2a_branch2b"),
        layers.subList(0, 6));
    assertEquals("res2a_branch1", layers.get(6));
    assertEquals("res2b_branch2a", layers.get(8));
    assertEquals(
        0, layers.stream().filter(l -> l.contains("branch2c") || l.startsWith("res2c")).count());
  }
}
