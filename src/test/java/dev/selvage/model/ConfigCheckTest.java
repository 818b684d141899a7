package dev.selvage.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvage.config.Config;
import dev.selvage.util.UserError;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ConfigCheckTest {
  private static void refuses(Consumer<Config> change, String message) {
    Config config = SmallModel.config();
    change.accept(config);
    assertEquals(
        message, assertThrows(UserError.class, () -> ParameterTable.of(config)).getMessage());
  }

  @Test
  void namesTheKeyWhatIsExpectedAndWhatWasFound() {
    refuses(
        c -> c.BACKBONE = "vgg16",
        "BACKBONE: expected one of resnet18, resnet34, resnet50, resnet101, found \"vgg16\"");
    refuses(
        c -> c.NUM_CLASSES = 1,
        "NUM_CLASSES: expected at least 2, the background included, found 1");
    refuses(
        c -> c.RPN_ANCHOR_SCALES = new int[] {32, 64},
        "RPN_ANCHOR_SCALES: expected 5 sizes, one for each pyramid level, found [32, 64]");
    refuses(
        c -> c.MASK_SHAPE = new int[] {56, 56},
        "MASK_SHAPE: expected twice MASK_POOL_SIZE, 28,28, found [56, 56]");
    refuses(
        c -> c.ROI_POSITIVE_RATIO = 0f, "ROI_POSITIVE_RATIO: expected a share in (0,1], found 0.0");
  }

  @Test
  void imageSidesAreMultiplesOf64() {
    ConfigCheck.imageSize(64, 512);
    String message =
        assertThrows(UserError.class, () -> ConfigCheck.imageSize(500, 512)).getMessage();
    assertEquals(
        "IMAGE_MAX_DIM, IMAGE_MIN_DIM: expected an image height and width divisible by 64, found 500x512",
        message);
  }
}
