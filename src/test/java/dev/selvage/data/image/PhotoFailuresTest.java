package dev.selvage.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.BatchLoader;
import dev.selvage.data.loader.DatasetLint;
import dev.selvage.train.TinyDataset;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Photos that are bad before a run, and photos that go bad while it lasts. */
class PhotoFailuresTest {
  private static final int PHOTOS = 30;

  @TempDir Path dir;

  private KaggleDataset dataset;
  private Config config;

  @BeforeEach
  void open() throws IOException {
    dataset = KaggleDataset.open(TinyDataset.write(dir.resolve("tiny"), PHOTOS));
    List<String> settings = new ArrayList<>(TinyDataset.SETTINGS);
    settings.add("NUM_CLASSES=3");
    config = ConfigReader.read(null, null, settings);
  }

  @Test
  void oneInAHundredMayFail() {
    List<String> said = new ArrayList<>();
    PhotoFailures failures = new PhotoFailures(2000, said::add);
    for (int i = 0; i < 20; i++) {
      failures.add("a" + i, "a" + i + ": is torn");
      failures.add("a" + i, "a" + i + ": is torn");
      failures.requireFew();
    }
    assertEquals(20, said.size());
    assertEquals("a7: is torn; the photo is skipped", said.get(7));
    failures.add("b", "b: is torn");
    String message = assertThrows(UserError.class, failures::requireFew).getMessage();
    assertEquals(
        "expected at most 1% of the 2000 photos to fail, found 21 so far; the first: a0: is torn",
        message);
  }

  @Test
  void aPhotoThatChangesDuringTheRunIsSkipped() throws IOException {
    Files.copy(dataset.path(5), dataset.path(0), StandardCopyOption.REPLACE_EXISTING);
    Files.delete(dataset.path(7));
    Set<String> seen = new HashSet<>();
    try (BatchLoader loader = loader()) {
      for (int i = 0; i < 2 * PHOTOS; i++) {
        try (Batch batch = loader.next()) {
          seen.addAll(List.of(batch.fileNames()));
        }
      }
      // the fourth photo of the dataset has never been one
      assertEquals(3, loader.failures().count());
    }
    assertEquals(PHOTOS - 3, seen.size());
    assertFalse(seen.contains(dataset.fileName(0)));
    assertFalse(seen.contains(dataset.fileName(7)));
  }

  @Test
  void tooManyEndTheRun() throws IOException {
    for (int i = 0; i < PhotoFailures.FEW + 1; i++) {
      Files.writeString(dataset.path(i), "torn");
    }
    try (BatchLoader loader = loader()) {
      String message =
          assertThrows(
                  UserError.class,
                  () -> {
                    for (int i = 0; i < 2 * PHOTOS; i++) {
                      loader.next().close();
                    }
                  })
              .getMessage();
      assertTrue(message.startsWith("expected at most 1% of the 30 photos to fail"), message);
      assertTrue(message.contains(": cannot be decoded"), message);
    }
  }

  @Test
  void theLintNamesWhatItFinds() throws IOException {
    Files.write(dataset.path(1), new byte[0]);
    Files.copy(dataset.path(5), dataset.path(0), StandardCopyOption.REPLACE_EXISTING);
    List<String> lines = DatasetLint.check(dataset, config.with("MAX_GT_INSTANCES", 1));
    assertEquals(3, lines.size(), lines::toString);
    assertTrue(
        lines.get(0).startsWith("tiny: photos that training will skip: 2 (" + dataset.path(0)),
        lines.get(0));
    assertTrue(lines.get(0).contains("found no file or an empty one"), lines.get(0));
    assertTrue(
        lines.get(1).contains("size cannot be read from the header: 1 (photo3.jpg)"), lines.get(1));
    assertTrue(
        lines
            .get(2)
            .contains("MAX_GT_INSTANCES = 1 objects; training uses only that many of them: 30 ("),
        lines.get(2));
  }

  @Test
  void theLintRefusesAnUnusableDataset() throws IOException {
    for (int i = 0; i < PHOTOS; i++) {
      Files.deleteIfExists(dataset.path(i));
    }
    String message =
        assertThrows(UserError.class, () -> DatasetLint.check(dataset, config)).getMessage();
    assertTrue(
        message.startsWith("expected at most 1% of the 30 photos to fail, found 30"), message);
  }

  private BatchLoader loader() {
    return BatchLoader.training(dataset, IntStream.range(0, PHOTOS).toArray(), config, 1, 2, 2);
  }
}
