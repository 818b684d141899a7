package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.BatchLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A batch that is looked at before its turn, so that its photos can be on their way. */
class UpcomingBatchTest {
  @TempDir static Path folder;
  private static Dataset dataset;

  @BeforeAll
  static void writePhotos() throws IOException {
    dataset = KaggleDataset.open(TinyDataset.write(folder.resolve("photos"), 9));
  }

  @Test
  void lookingAheadChangesNeitherBatchesNorPositions() {
    try (BatchLoader plain = loader();
        BatchLoader looking = loader()) {
      for (int i = 0; i < 8; i++) {
        try (Batch expected = plain.next();
            Batch found = looking.next()) {
          assertArrayEquals(expected.imageIndices(), found.imageIndices());
          assertEquals(expected.seed(), found.seed());
          assertArrayEquals(bytes(expected), bytes(found));
          waitForUpcoming(looking);
          assertEquals(plain.position(), looking.position());
        }
      }
    }
  }

  @Test
  void itIsTheNextOneUnlessTheLoaderIsTakenElsewhere() {
    try (BatchLoader loader = loader()) {
      loader.next().close();
      long position = loader.position();
      Batch ahead = waitForUpcoming(loader);
      assertSame(ahead, loader.upcoming());
      try (Batch next = loader.next()) {
        assertSame(ahead, next);
      }
      waitForUpcoming(loader);
      loader.startAt(position, Augmentation.NONE);
      assertEquals(position, loader.position());
      try (Batch again = loader.next()) {
        assertArrayEquals(ahead.imageIndices(), again.imageIndices());
      }
    }
  }

  @Test
  void mirroringThatBeginsReachesTheNextBatch() {
    try (BatchLoader plain = loader();
        BatchLoader looking = loader()) {
      plain.next().close();
      looking.next().close();
      waitForUpcoming(looking);
      plain.setAugmentation(Augmentation.FLIP);
      looking.setAugmentation(Augmentation.FLIP);
      try (Batch expected = plain.next();
          Batch found = looking.next()) {
        assertArrayEquals(bytes(expected), bytes(found));
      }
    }
  }

  private static Batch waitForUpcoming(BatchLoader loader) {
    Batch upcoming = loader.upcoming();
    while (upcoming == null) { // its photos are read on other threads
      Thread.onSpinWait();
      upcoming = loader.upcoming();
    }
    return upcoming;
  }

  private static byte[] bytes(Batch batch) {
    byte[] bytes = new byte[3 * batch.size() * batch.height() * batch.width()];
    batch.rgb().get(bytes);
    return bytes;
  }

  private static BatchLoader loader() {
    Config config = TinyDataset.config("IMAGES_PER_GPU=2");
    int[] images = IntStream.range(0, dataset.size()).toArray();
    return BatchLoader.training(dataset, images, config, 5, 1, 2);
  }
}
