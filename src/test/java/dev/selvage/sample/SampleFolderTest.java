package dev.selvage.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Instance;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.sample.label.Kind;
import dev.selvage.sample.label.Label;
import dev.selvage.sample.paint.RandomChoices;
import dev.selvage.sample.scene.Scene;
import dev.selvage.util.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleFolderTest {
  private static final int IMAGES = 60;
  private static final long SEED = 7;

  @TempDir static Path shared;
  private static Path sample;

  @BeforeAll
  static void draw() {
    sample = shared.resolve("sample");
    assertTrue(SampleFolder.make(sample, IMAGES, SEED));
  }

  @Test
  void holdsKagglesFiles() throws IOException {
    assertEquals(
        Set.of("label_descriptions.json", "sample_submission.csv", "test", "train", "train.csv"),
        names(sample));
    assertEquals(IMAGES, names(sample.resolve("train")).size());
    assertFalse(names(sample.resolve("test")).isEmpty());
    assertFalse(Files.exists(shared.resolve("sample.part")));
  }

  @Test
  void sameSeedSameBytesOnOneThreadAsOnMany() throws IOException {
    int written = 0;
    for (int i = 1; i <= 10; i++) {
      byte[] alone = Scene.photo(new RandomChoices(SEED, i)).jpeg();
      assertArrayEquals(alone, Files.readAllBytes(sample.resolve("train/%04d.jpg".formatted(i))));
      written += alone.length;
    }
    assertTrue(written > 100_000);
  }

  @Test
  void sameSeedSameFiles(@TempDir Path other) throws IOException {
    Path first = other.resolve("a");
    Path second = other.resolve("b");
    SampleFolder.make(first, 6, 11);
    SampleFolder.make(second, 6, 11);
    Map<String, byte[]> expected = files(first);
    Map<String, byte[]> found = files(second);
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach((name, bytes) -> assertArrayEquals(bytes, found.get(name), name));
    Path third = other.resolve("c");
    SampleFolder.make(third, 6, 12);
    assertFalse(java.util.Arrays.equals(expected.get("train.csv"), files(third).get("train.csv")));
  }

  @Test
  void readsWithoutComplaintAndGivesBackEveryMask() {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said));
    KaggleDataset dataset;
    try {
      dataset = KaggleDataset.open(sample);
    } finally {
      System.setErr(before);
    }
    assertEquals("", said.toString());
    assertEquals(46, dataset.categories().size());
    assertEquals(IMAGES, dataset.size());
    for (int imageIndex = 0; imageIndex < 12; imageIndex++) {
      int index = Integer.parseInt(dataset.fileName(imageIndex).substring(0, 4));
      List<Label> labels = Scene.photo(new RandomChoices(SEED, index)).labels();
      List<Instance> instances = dataset.instances(imageIndex);
      assertEquals(labels.size(), instances.size());
      for (int i = 0; i < labels.size(); i++) {
        assertEquals(labels.get(i).mask(), instances.get(i).mask());
        assertEquals(
            labels.get(i).kind().id, dataset.categories().get(instances.get(i).classId() - 1).id());
      }
    }
  }

  @Test
  void everyCategoryIsCommonAndSomePhotosAreEmpty() {
    KaggleDataset dataset = KaggleDataset.open(sample);
    Map<Integer, Integer> photos = new TreeMap<>();
    int empty = 0;
    for (int imageIndex = 0; imageIndex < dataset.size(); imageIndex++) {
      empty += dataset.instances(imageIndex).isEmpty() ? 1 : 0;
      dataset.instances(imageIndex).stream()
          .map(i -> dataset.categories().get(i.classId() - 1).id())
          .distinct()
          .forEach(id -> photos.merge(id, 1, Integer::sum));
    }
    for (Kind kind : EnumSet.allOf(Kind.class)) {
      assertTrue(photos.getOrDefault(kind.id, 0) >= 0.1 * IMAGES, kind + " of " + photos);
    }
    assertEquals(Kind.values().length, photos.size());
    assertTrue(empty > 0);
  }

  @Test
  void attributesFollowSomeClassIds() throws IOException {
    List<String> rows = Files.readAllLines(sample.resolve("train.csv"));
    long with = rows.stream().filter(row -> row.matches(".*,\\d+(_\\d+)+")).count();
    long without = rows.stream().filter(row -> row.matches(".*,\\d+")).count();
    assertTrue(with > 100 && without > 100, with + " with, " + without + " without");
    assertEquals(rows.size() - 1, with + without);
  }

  @Test
  void isRepeatableButOverwritesNothingElse(@TempDir Path dir) throws IOException {
    assertFalse(SampleFolder.make(sample, IMAGES, SEED));
    UserError other =
        assertThrows(UserError.class, () -> SampleFolder.make(sample, IMAGES, SEED + 1));
    assertTrue(other.getMessage().contains("expected a new or empty folder"), other.getMessage());
    Path file = Files.writeString(dir.resolve("mine.txt"), "mine");
    assertThrows(UserError.class, () -> SampleFolder.make(dir, 2, SEED));
    assertThrows(UserError.class, () -> SampleFolder.make(file, 2, SEED));
    assertThrows(UserError.class, () -> SampleFolder.make(file.resolve("below"), 2, SEED));
    assertEquals("mine", Files.readString(file));
    assertEquals(Set.of("mine.txt"), names(dir));
  }

  @Test
  void aFolderThatLostAPhotoIsNoSample(@TempDir Path dir) throws IOException {
    Path out = dir.resolve("s");
    SampleFolder.make(out, 2, SEED);
    Files.delete(out.resolve("train/0002.jpg"));
    assertThrows(UserError.class, () -> SampleFolder.make(out, 2, SEED));
  }

  @Test
  void takesTheRestOfAnInterruptedRunAway(@TempDir Path dir) throws IOException {
    Files.createDirectories(dir.resolve("s.part/train"));
    Files.writeString(dir.resolve("s.part/train/0001.jpg"), "half");
    Files.createDirectory(dir.resolve("s")); // empty, so it may be filled
    assertTrue(SampleFolder.make(dir.resolve("s"), 2, SEED));
    assertEquals(Set.of("s"), names(dir));
  }

  private static Set<String> names(Path dir) throws IOException {
    try (Stream<Path> inside = Files.list(dir)) {
      return Set.copyOf(inside.map(path -> path.getFileName().toString()).toList());
    }
  }

  private static Map<String, byte[]> files(Path dir) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(dir)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        files.put(dir.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }
}
