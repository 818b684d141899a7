package dev.selvage.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.data.image.ResizedPhoto;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.Test;

class GuideTest {
  /** A photo twice as wide as high: the model's image has black bars above and below it. */
  @Test
  void isTheBrightnessOfThePhotoWithoutItsPadding() {
    Guide guide = guide(64, 32, 64);
    assertEquals(32, guide.height());
    assertEquals(64, guide.width());
    for (int i = 0; i < 32 * 64; i++) {
      int x = i % 64;
      int y = i / 64;
      int expected = (299 * x + 587 * y + 114 * 200) / 1000;
      assertEquals(expected, guide.brightness()[i] & 0xff, "pixel " + y + ", " + x);
    }
  }

  @Test
  void isSmallWhereTheModelsImageIsLarge() {
    Guide guide = guide(512, 512, 256);
    assertEquals(256, guide.height());
    assertEquals(128, guide.width());
    for (int i = 0; i < 256 * 128; i++) {
      // the mean of two columns and two rows, of which every 256th begins anew
      double expected =
          (299 * (2 * (i % 128) + 0.5) + 587 * (2 * (i / 128) % 256 + 0.5) + 114 * 200) / 1000;
      assertEquals(expected, guide.brightness()[i] & 0xff, 1, "pixel " + i);
    }
  }

  /** Red is the column in the photo, green the row, both modulo 256, and blue is 200. */
  private static Guide guide(int side, int height, int width) {
    Config config =
        ConfigReader.read(
            "sample", null, List.of("IMAGE_MIN_DIM=" + side, "IMAGE_MAX_DIM=" + side));
    ResizePlan plan = ResizePlan.of(config, height, width, null);
    byte[] rgb = new byte[3 * plan.height() * plan.width()];
    int[] window = plan.window();
    for (int y = window[0]; y < window[2]; y++) {
      for (int x = window[1]; x < window[3]; x++) {
        int at = 3 * (y * plan.width() + x);
        rgb[at] = (byte) (x - window[1]);
        rgb[at + 1] = (byte) (y - window[0]);
        rgb[at + 2] = (byte) 200;
      }
    }
    try (ResizedPhoto photo = new ResizedPhoto(new BytePointer(rgb), plan)) {
      return Guide.of(photo);
    }
  }
}
