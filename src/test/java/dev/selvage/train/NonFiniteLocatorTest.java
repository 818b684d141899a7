package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.autograd.TapeListener;
import dev.selvage.config.Config;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.RpnTargets;
import dev.selvage.model.MaskRcnn;
import dev.selvage.model.ParameterTable;
import dev.selvage.model.SmallModel;
import dev.selvage.model.StepOptions;
import dev.selvage.nn.Parameter;
import dev.selvage.nn.ParameterSpec;
import dev.selvage.nn.Parameters;
import dev.selvage.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NonFiniteLocatorTest {
  private Config config = SmallModel.config();
  private long live;
  private Parameters parameters;
  private Batch batch;

  @BeforeEach
  void open() {
    live = Tensor.live();
    parameters = SmallModel.parameters(config);
    parameters.setTrainable("all");
    batch = SmallModel.batch(1);
  }

  @AfterEach
  void nothingLeaks() {
    batch.close();
    parameters.close();
    assertEquals(live, Tensor.live(), "native tensors that were not freed");
  }

  @ParameterizedTest
  @CsvSource({
    "conv1/kernel,convBlock",
    "res3a_branch2b/bias,convBlock",
    "fpn_c3p3/kernel,convBlock",
    "rpn_conv_shared/kernel,convBlock",
    "rpn_bbox_pred/bias,convBlock",
    "mrcnn_class_logits/kernel,matmul",
    "bn5b_branch2a/moving_variance,convBlock",
    "mrcnn_class_bn2/beta,convBlock",
  })
  void namesTheLayerOfAWeight(String name, String op) {
    Parameter weight = parameters.get(name);
    String layer =
        weight.layer().replaceFirst("^bn(\\d)", "res$1").replaceFirst("_bn(\\d)$", "_conv$1");
    float[] values = weight.download();
    values[values.length / 2] = Float.NaN;
    weight.upload(values);
    for (boolean backward : new boolean[] {true, false}) {
      assertEquals(
          "first in %s of layer %s (%s is not finite itself), on a.jpg, b.jpg"
              .formatted(op, layer, name),
          trace(backward));
    }
  }

  @Test
  void namesAWeightThatTheStepDoesNotReach() {
    Parameter weight = parameters.get("mrcnn_mask/bias"); // no region is positive
    weight.upload(new float[] {Float.POSITIVE_INFINITY, 0, 0, 0});
    assertEquals(
        "first in the weight decay (mrcnn_mask/bias is not finite), on a.jpg, b.jpg", trace(true));
  }

  @Test
  void namesThePhotoWhoseTargetIsBroken() {
    batch.truths()[1].boxes()[2] = Float.NaN;
    batch.rpnTargets()[1] =
        new RpnTargets(
            batch.rpnTargets()[1].positives(),
            batch.rpnTargets()[1].negatives(),
            new float[] {0, 0, Float.NaN, 0, 0, 0, 0, 0});
    assertEquals(
        "first in rpn_bbox_loss itself (the outputs of the model are finite), on b.jpg",
        trace(false));
    String found = trace(true);
    assertTrue(
        found.matches("first in the gradient of boxLoss of layer rpn_bbox_loss, on b.jpg"), found);
  }

  @Test
  void namesTheGradientThatOverflows() {
    config = config.with("LOSS_WEIGHTS", List.of(1, 1, 3e38f, 1, 1));
    String found = trace(true);
    assertTrue(found.startsWith("first in the gradient of "), found);
    assertTrue(found.contains("mrcnn_class"), found);
  }

  @Test
  void saysWhereNothingIsFound() {
    assertEquals("but not when the step was repeated", trace(true));
  }

  /** A layer that does not say where it is would be reported under the name of the one before. */
  @Test
  void everyLayerSaysWhereItIs() {
    Set<String> values = new TreeSet<>();
    Set<String> passed = new TreeSet<>();
    TapeListener watch =
        new TapeListener() {
          @Override
          public void value(String op, String layer, Tensor value) {
            values.add(layer);
          }

          @Override
          public void gradient(String op, String layer, Tensor gradient) {}

          @Override
          public void passed(String op, String layer) {
            passed.add(layer);
          }
        };
    new MaskRcnn(config, parameters)
        .step(batch, StepOptions.DEFAULTS.withRois(SmallModel.regions()).withListener(watch));
    Set<String> layers =
        ParameterTable.of(config).stream()
            .filter(spec -> spec.part().equals("kernel"))
            .map(ParameterSpec::layer)
            .collect(Collectors.toCollection(TreeSet::new));
    layers.removeAll(values);
    assertEquals(Set.of(), layers, "layers without a value");
    assertTrue(
        passed.containsAll(Set.of("conv1", "fpn_p5", "rpn_class_raw", "mrcnn_mask")),
        passed::toString);
  }

  private String trace(boolean backward) {
    return new NonFiniteLocator(new MaskRcnn(config, parameters), parameters, backward)
        .trace(List.of(batch));
  }
}
