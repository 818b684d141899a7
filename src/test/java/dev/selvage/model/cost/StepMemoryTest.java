package dev.selvage.model.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.SyntheticBatch;
import dev.selvage.model.Initializer;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.ParameterTable;
import dev.selvage.model.StepOptions;
import dev.selvage.nn.Parameters;
import dev.selvage.runtime.Native;
import dev.selvage.util.TestJava;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepMemoryTest {
  private static final List<String> SETTINGS =
      List.of(
          "NUM_CLASSES=12",
          "RPN_ANCHOR_SCALES=16,32,64,128,256",
          "TRAIN_ROIS_PER_IMAGE=60",
          "FPN_CLASSIF_FC_LAYERS_SIZE=128");

  /** A step in a process of its own, whose allocator holds nothing else; prints what it holds. */
  public static void main(String[] arguments) {
    Config config = config(arguments[0], arguments[1]);
    int images = Integer.parseInt(arguments[3]);
    int size = Integer.parseInt(arguments[4]);
    try (Parameters parameters = new Parameters(ParameterTable.of(config));
        Batch batch = SyntheticBatch.of(config, images, size)) {
      Initializer.initialize(parameters, 1);
      parameters.setTrainable(arguments[2]);
      int rois = config.TRAIN_ROIS_PER_IMAGE;
      new MaskRcnn(config, parameters)
          .step(batch, StepOptions.DEFAULTS.withRois(SyntheticBatch.regions(batch, rois, rois)));
      System.out.println("holds " + Native.allocatedBytes());
    }
  }

  private static Config config(String backbone, String width) {
    List<String> settings = new ArrayList<>(SETTINGS);
    settings.add("BACKBONE=" + backbone);
    settings.add("TOP_DOWN_PYRAMID_SIZE=" + width);
    settings.add("RPN_CHANNELS=" + width);
    settings.add("MASK_CHANNELS=" + width);
    return ConfigReader.read(null, null, settings);
  }

  @ParameterizedTest
  @CsvSource({
    "resnet18,64,all,4,256",
    "resnet18,128,heads,4,256",
    "resnet50,64,all,2,256",
  })
  void comesWithinAQuarterOfWhatIsHeld(
      String backbone, String width, String layers, int images, int size)
      throws IOException, InterruptedException {
    List<String> line = TestJava.command("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");
    line.addAll(List.of(StepMemoryTest.class.getName(), backbone, width, layers));
    line.addAll(List.of(Integer.toString(images), Integer.toString(size)));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    double held = Double.parseDouble(said.replaceAll("(?s).*holds (\\d+).*", "$1"));
    double estimate = new StepMemory(config(backbone, width), size, layers).bytes(images);
    assertTrue(
        estimate > 0.75 * held && estimate < 1.25 * held,
        "estimated %.0f MB, held %.0f MB".formatted(estimate / 1e6, held / 1e6));
  }

  @Test
  void theBatchThatFitsFits() {
    StepMemory memory = new StepMemory(config("resnet50", "256"), 512, "all");
    for (int images = 1; images < 9; images++) {
      assertEquals(images, memory.most(memory.bytes(images) + 1));
      assertEquals(images - 1, memory.most(memory.bytes(images) - 1));
    }
    assertEquals(0, memory.most(1e6));
  }
}
