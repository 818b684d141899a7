package dev.selvage.data.loader;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import dev.selvage.geometry.Anchors;
import dev.selvage.mask.KaggleRle;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmptyPhotosTest {
  private static final Rle LEFT_HALF = KaggleRle.read("1 2048", 64, 64);

  @TempDir Path folder;

  private Config config =
      Config.defaults()
          .with("IMAGE_MIN_DIM", 64)
          .with("IMAGE_MAX_DIM", 64)
          .with("IMAGES_PER_GPU", 1)
          .with("RPN_ANCHOR_SCALES", List.of(8, 16, 32, 64, 128));

  @BeforeEach
  void prepare() {
    try (Scalar grey = new Scalar(90);
        Mat photo = new Mat(64, 64, CV_8UC3, grey)) {
      opencv_imgcodecs.imwrite(folder.resolve("photo.png").toString(), photo);
    }
  }

  @Test
  void haveNegativeAnchorsOnly() {
    try (BatchLoader loader = loader(List.of());
        Batch batch = loader.next()) {
      assertEquals(0, batch.truths()[0].size());
      RpnTargets targets = batch.rpnTargets()[0];
      assertEquals(0, targets.positives().length);
      assertEquals(0, targets.deltas().length);
      assertEquals(config.RPN_TRAIN_ANCHORS_PER_IMAGE, targets.negatives().length);
    }
  }

  @Test
  void noAnchorOnACrowdIsNegative() {
    try (BatchLoader loader = loader(List.of(new Instance(1, LEFT_HALF, true)));
        Batch batch = loader.next()) {
      assertEquals(0, batch.truths()[0].size());
      double[] anchors =
          Anchors.pyramid(
              config.RPN_ANCHOR_SCALES.toArray(),
              config.RPN_ANCHOR_RATIOS.toArray(),
              64,
              64,
              config.BACKBONE_STRIDES.toArray(),
              config.RPN_ANCHOR_STRIDE);
      int[] negatives = batch.rpnTargets()[0].negatives();
      assertTrue(negatives.length > 0);
      IntStream.of(negatives).forEach(a -> assertTrue(anchors[4 * a + 1] > 25, "anchor " + a));
    }
  }

  @Test
  void areLeftOutOnRequest() {
    config = config.with("SKIP_EMPTY_PHOTOS", true);
    for (List<Instance> none : List.of(List.<Instance>of(), List.of(crowd()))) {
      try (BatchLoader loader = loader(none)) {
        String message = assertThrows(UserError.class, loader::next).getMessage();
        assertTrue(message.contains("SKIP_EMPTY_PHOTOS"), message);
      }
    }
    try (BatchLoader loader = loader(List.of(crowd(), new Instance(1, LEFT_HALF, false)));
        Batch batch = loader.next()) {
      assertArrayEquals(new int[] {1}, batch.truths()[0].classIds());
    }
  }

  private static Instance crowd() {
    return new Instance(1, LEFT_HALF, true);
  }

  private BatchLoader loader(List<Instance> instances) {
    return BatchLoader.training(new OnePhoto(instances), new int[] {0}, config, 1, 1, 1);
  }

  private final class OnePhoto implements Dataset {
    private final List<Instance> instances;

    OnePhoto(List<Instance> instances) {
      this.instances = instances;
    }

    @Override
    public String name() {
      return "one";
    }

    @Override
    public List<Category> categories() {
      return List.of(new Category(1, "coat", ""));
    }

    @Override
    public int size() {
      return 1;
    }

    @Override
    public String fileName(int imageIndex) {
      return "photo.png";
    }

    @Override
    public Path path(int imageIndex) {
      return folder.resolve("photo.png");
    }

    @Override
    public int height(int imageIndex) {
      return 64;
    }

    @Override
    public int width(int imageIndex) {
      return 64;
    }

    @Override
    public List<Instance> instances(int imageIndex) {
      return instances;
    }
  }
}
