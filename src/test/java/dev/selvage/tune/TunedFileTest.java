package dev.selvage.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Category;
import dev.selvage.predict.DetectionRules;
import dev.selvage.predict.Overlaps;
import dev.selvage.predict.View;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TunedFileTest {
  private static final List<Category> CATEGORIES =
      List.of(new Category(3, "shirt, \"blouse\"", ""), new Category(9, "shoe", ""));

  private static final Tuned TUNED =
      new Tuned(
          "0123456789abcdef",
          CATEGORIES,
          "kaggle",
          "street",
          166,
          0.25,
          0.3125,
          View.parse("flip,0.8"),
          new DetectionRules(
              new double[] {0.35, 1}, true, 0.4, 0.9, 20, 0.45, 10, Overlaps.SMALL, 1.5, true));

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() {
    file = folder.resolve("tuned.json");
    TunedFile.write(file, TUNED);
  }

  @Test
  void readsWhatItWrote() {
    assertEquals(TUNED, TunedFile.read(file));
    TUNED.requireFor(file, TUNED.weights(), CATEGORIES);
  }

  @Test
  void refusesOtherWeightsAndCategories() {
    assertRefused(
        () -> TUNED.requireFor(file, "fedcba9876543210", CATEGORIES),
        "tuned for these weights (SHA-256 fedcba987654), found those for others (0123456789ab)");
    assertRefused(
        () -> TUNED.requireFor(file, TUNED.weights(), CATEGORIES.subList(0, 1)),
        "for the 1 categories of the weights, found 2");
    assertRefused(
        () ->
            TUNED.requireFor(
                file, TUNED.weights(), List.of(CATEGORIES.get(0), new Category(9, "boot", ""))),
        "where class 2 is \"boot\" (id 9), found \"shoe\" (id 9)");
  }

  @Test
  void refusesValuesOutOfRange() throws IOException {
    assertChanged("0.35", "-0.1", "classes[0].score: expected a number in 0..1, found -0.1");
    assertChanged("0.35", "\"0.3\"", "classes[0].score: expected a number in 0..1, found \"0.3\"");
    assertChanged("0.4,", "1.5,", "nms: expected a number in 0..1, found 1.5");
    assertChanged("0.45", "0", "mask_threshold: expected a number between 0 and 1, found 0");
    assertChanged("20,", "0,", "most_objects: expected a whole number of at least 1, found 0");
    assertChanged("20,", "2.5,", "most_objects: expected a whole number of at least 1, found 2.5");
    assertChanged("1.5", "11", "maskness: expected a number in 0..10, found 11");
    assertChanged("true", "1", "all_classes: expected true or false, found 1");
    assertChanged("\"small\"", "\"big\"", "overlaps: expected keep, score, small, found \"big\"");
    assertChanged("\"overlaps\"", "\"overlap\"", "found the unknown overlap");
    assertChanged("\"score\" : 1.0", "\"scores\" : 1.0", "found the unknown classes[1].scores");
    assertChanged(",\n  \"least_area\" : 10", "", "found none named least_area");
    assertChanged("{", "[", "expected JSON that `tune` wrote");
    assertChanged("}", "", "expected JSON that `tune` wrote");
    Files.delete(file);
    assertRefused(() -> TunedFile.read(file), "found no such file");
  }

  private void assertChanged(String from, String to, String message) throws IOException {
    String text = Files.readString(file);
    assertTrue(text.contains(from), text);
    Files.writeString(file, text.replace(from, to));
    assertRefused(() -> TunedFile.read(file), message);
    Files.writeString(file, text);
  }

  private void assertRefused(Runnable use, String message) {
    UserError error = assertThrows(UserError.class, use::run);
    assertTrue(error.getMessage().startsWith(file + ": "), error.getMessage());
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }
}
