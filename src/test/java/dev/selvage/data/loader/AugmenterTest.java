package dev.selvage.data.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.PaintedPhotos;
import dev.selvage.data.image.Photos;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.data.image.ResizedPhoto;
import dev.selvage.mask.CroppedMask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AugmenterTest {
  private static final int SIDE = 192;
  private static final int PHOTOS = 6;

  @TempDir static Path dir;

  private static PaintedPhotos dataset;

  private final Config config =
      ConfigReader.read(null, null, List.of("IMAGE_MIN_DIM=128", "IMAGE_MAX_DIM=" + SIDE));

  @BeforeAll
  static void paint() {
    dataset = new PaintedPhotos(dir, PHOTOS);
  }

  /** Where an image is red, a mask must be, and nowhere else: pasted and hidden parts included. */
  @ParameterizedTest
  @EnumSource(names = {"STANDARD", "STRONG"})
  void masksCoverExactlyTheirObjects(Augmentation augmentation) {
    int[] all = {0, 1, 2, 3, 4, 5};
    Augmenter augmenter = new Augmenter(dataset, config, new Photos(), all);
    int objects = 0;
    int crowds = 0;
    for (int i = 0; i < 80; i++) {
      InputImage image = augmented(augmenter, i % PHOTOS, augmentation, i);
      try (ResizedPhoto photo = image.photo()) {
        byte[] masks = new byte[SIDE * SIDE];
        for (ResizedInstance object : image.objects()) {
          object.region().add(masks, SIDE);
          assertTight(object.region());
          objects++;
          crowds += object.crowd() ? 1 : 0;
        }
        byte[] red = red(photo);
        int wrong = 0;
        int set = 0;
        for (int p = 0; p < red.length; p++) {
          // blurred outlines may go either way
          if (red[p] != masks[p] && !atOutline(masks, p)) {
            wrong++;
          }
          set += masks[p];
        }
        assertTrue(wrong <= 2 + set / 200, "image " + i + ": " + wrong + " of " + set);
      }
    }
    assertTrue(objects > 150, "only " + objects + " objects seen");
    assertTrue(crowds > 40, "only " + crowds + " crowds seen");
  }

  @Test
  void objectsThatVanishAreDropped() {
    Augmenter augmenter = new Augmenter(dataset, config, new Photos(), new int[] {0});
    int dropped = 0;
    for (int i = 0; i < 80; i++) {
      InputImage image = augmented(augmenter, 0, Augmentation.STRONG, i);
      image.photo().close();
      dropped += image.objects().size() < dataset.instances(0).size() ? 1 : 0;
      assertTrue(image.objects().size() <= dataset.instances(0).size(), "nothing to paste");
    }
    assertTrue(dropped > 0, "dropped in " + dropped + " images");
  }

  @Test
  void objectsOfOtherPhotosAppearAndHideOthers() {
    CroppedMask below = new CroppedMask(2, 1, 2, 3, new byte[] {1, 1, 1, 1, 0, 1});
    byte[] stencil = new byte[6 * 5];
    new CroppedMask(1, 1, 2, 4, new byte[] {1, 1, 1, 1, 1, 1, 1, 1}).add(stencil, 5);
    CroppedMask left = below.without(stencil, 5);
    assertEquals(3, left.top()); // the row above is hidden
    assertEquals(1, left.left());
    assertArrayEquals(new byte[] {1, 0, 1}, left.pixels());
    assertEquals(null, new CroppedMask(1, 2, 1, 2, new byte[] {1, 1}).without(stencil, 5));
    Augmenter augmenter = new Augmenter(dataset, config, new Photos(), new int[] {3, 4, 5});
    int more = 0;
    for (int i = 0; i < 60; i++) {
      InputImage image = augmented(augmenter, 0, Augmentation.STRONG, i);
      image.photo().close();
      more += image.objects().size() > dataset.instances(0).size() ? 1 : 0;
    }
    assertTrue(more > 3, "more objects than the photo has in " + more + " images");
  }

  @ParameterizedTest
  @EnumSource(Augmentation.class)
  void theNumberOfThreadsChangesNothing(Augmentation augmentation) {
    List<Long> one = batches(augmentation, 1);
    assertEquals(one, batches(augmentation, 2));
    assertEquals(one, batches(augmentation, 4));
    assertEquals(one.size(), one.stream().distinct().count());
  }

  @Test
  void epochsDiffer() {
    assertFalse(batches(Augmentation.STANDARD, 2).equals(batches(Augmentation.NONE, 2)));
    try (BatchLoader loader = BatchLoader.training(dataset, new int[] {2}, onePhoto(), 7, 1, 1)) {
      loader.startAt(0, Augmentation.STANDARD);
      assertFalse(checksum(loader) == checksum(loader));
      loader.startAt(1, Augmentation.STANDARD);
      long second = checksum(loader);
      loader.startAt(1, Augmentation.STANDARD); // a run that goes on from there
      assertEquals(second, checksum(loader));
    }
  }

  private Config onePhoto() {
    return config.with("IMAGES_PER_GPU", 1);
  }

  private List<Long> batches(Augmentation augmentation, int threads) {
    List<Long> sums = new ArrayList<>();
    int[] all = {0, 1, 2, 3, 4, 5};
    try (BatchLoader loader = BatchLoader.training(dataset, all, config, 7, threads, 3)) {
      loader.startAt(0, augmentation);
      for (int i = 0; i < 6; i++) {
        sums.add(checksum(loader));
      }
    }
    return sums;
  }

  /** Of all that the model sees of the next batch. */
  private static long checksum(BatchLoader loader) {
    try (Batch batch = loader.next()) {
      CRC32C crc = new CRC32C();
      byte[] bytes = new byte[3 * batch.size() * batch.height() * batch.width()];
      batch.rgb().get(bytes);
      crc.update(bytes);
      for (int i = 0; i < batch.size(); i++) {
        GroundTruth truth = batch.truths()[i];
        crc.update(truth.masks());
        String rest =
            Arrays.toString(truth.boxes())
                + Arrays.toString(truth.classIds())
                + Arrays.toString(batch.rpnTargets()[i].deltas())
                + Arrays.toString(batch.rpnTargets()[i].negatives());
        crc.update(rest.getBytes(StandardCharsets.US_ASCII));
      }
      return crc.getValue();
    }
  }

  private InputImage augmented(
      Augmenter augmenter, int imageIndex, Augmentation augmentation, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ResizePlan plan =
        ResizePlan.of(config, dataset.height(imageIndex), dataset.width(imageIndex), random);
    return augmenter.augmented(imageIndex, plan, augmentation, random).orElseThrow();
  }

  private static byte[] red(ResizedPhoto photo) {
    byte[] rgb = new byte[3 * SIDE * SIDE];
    photo.rgb().get(rgb);
    byte[] red = new byte[SIDE * SIDE];
    for (int i = 0; i < red.length; i++) {
      red[i] = (byte) ((rgb[3 * i] & 0xFF) > (rgb[3 * i + 2] & 0xFF) ? 1 : 0);
    }
    return red;
  }

  /** Whether a neighbour of a pixel lies on the other side of an outline. */
  private static boolean atOutline(byte[] masks, int pixel) {
    int y = pixel / SIDE;
    int x = pixel % SIDE;
    for (int ny = Math.max(0, y - 1); ny <= Math.min(SIDE - 1, y + 1); ny++) {
      for (int nx = Math.max(0, x - 1); nx <= Math.min(SIDE - 1, x + 1); nx++) {
        if (masks[ny * SIDE + nx] != masks[pixel]) {
          return true;
        }
      }
    }
    return false;
  }

  private static void assertTight(CroppedMask region) {
    int first = 0;
    int last = 0;
    for (int x = 0; x < region.width(); x++) {
      first += region.pixels()[x];
      last += region.pixels()[(region.height() - 1) * region.width() + x];
    }
    assertTrue(first > 0 && last > 0, "rows at the edges of a box are empty");
    first = 0;
    last = 0;
    for (int y = 0; y < region.height(); y++) {
      first += region.pixels()[y * region.width()];
      last += region.pixels()[(y + 1) * region.width() - 1];
    }
    assertTrue(first > 0 && last > 0, "columns at the edges of a box are empty");
  }
}
