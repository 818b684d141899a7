package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.autograd.Tape;
import dev.selvage.autograd.Variable;
import dev.selvage.config.Config;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.Parameters;
import dev.selvage.tensor.Ops;
import dev.selvage.tensor.Scope;
import dev.selvage.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InitializerTest {
  @Test
  void kernelsHaveHesDeviationAndOutputsAreSmall() {
    Config wide = SmallModel.config().with("BACKBONE_WIDTH", 64).with("RPN_CHANNELS", 512);
    try (Parameters parameters = SmallModel.parameters(wide)) {
      assertEquals(
          Math.sqrt(2.0 / (9 * 512)), deviation(parameters.get("res5b_branch2a/kernel")), 1e-4);
      assertEquals(Math.sqrt(1.0 / 512), deviation(parameters.get("fpn_c5p5/kernel")), 1e-3);
      assertEquals(0.01, deviation(parameters.get("rpn_bbox_pred/kernel")), 3e-4);
      assertArrayEquals(new float[4], parameters.get("mrcnn_class_logits/bias").download());
    }
  }

  @Test
  void everyBlockBeginsAsTheIdentity() {
    Config deep = SmallModel.config().with("BACKBONE", "resnet50");
    try (Parameters basic = SmallModel.parameters(SmallModel.config());
        Parameters bottleneck = SmallModel.parameters(deep)) {
      assertEquals(0f, basic.get("bn3a_branch2b/gamma").download()[0]);
      assertEquals(1f, basic.get("bn3a_branch2a/gamma").download()[0]);
      assertEquals(1f, basic.get("bn3a_branch1/gamma").download()[0]);
      assertEquals(0f, bottleneck.get("bn3a_branch2c/gamma").download()[0]);
      assertEquals(1f, bottleneck.get("bn3a_branch2b/gamma").download()[0]);
    }
  }

  @Test
  void theSeedSettlesTheValues() {
    try (Parameters a = SmallModel.parameters(SmallModel.config());
        Parameters b = SmallModel.parameters(SmallModel.config())) {
      String name = "res2a_branch2a/kernel";
      assertArrayEquals(a.get(name).download(), b.get(name).download());
      Initializer.initialize(b, 8);
      assertFalse(Arrays.equals(a.get(name).download(), b.get(name).download()));
    }
  }

  /**
   * Without statistics to normalize by, a photo's features must come out at a scale of about 1 at
   * every depth.
   */
  @Test
  void theSignalKeepsItsScale() {
    for (String backbone : new String[] {"resnet18", "resnet50", "resnet101"}) {
      Config config = SmallModel.config().with("BACKBONE", backbone);
      try (Parameters parameters = SmallModel.parameters(config)) {
        Scope.run(() -> checkScales(new MaskRcnn(config, parameters)));
      }
    }
  }

  private static void checkScales(MaskRcnn model) {
    Random random = new Random(2);
    float[] pixels = new float[64 * 64 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) (64 * random.nextGaussian());
    }
    try (Tape tape = Tape.off()) {
      Tensor images = Tensor.of(pixels, 1, 64, 64, 3);
      for (Variable c : model.stages(tape, images)) {
        assertScale(c.value());
      }
      for (Variable p : model.pyramid(tape, images).levels()) {
        assertScale(p.value());
      }
    }
  }

  private static void assertScale(Tensor x) {
    double scale = Math.sqrt(Ops.sumSquares(x) / x.size());
    assertTrue(scale > 0.3 && scale < 6, x + " has a root mean square of " + scale);
  }

  private static double deviation(Parameter parameter) {
    double squares = 0;
    for (float v : parameter.download()) {
      squares += v * v;
    }
    return Math.sqrt(squares / parameter.size());
  }
}
