package dev.selvage.coco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CocoAttributesTest {
  private static final String BOX = "\"category_id\": 0, \"bbox\": [0, 0, 2, 2]";

  @TempDir private Path folder;

  @Test
  void areReadByTheirPlaces() throws IOException {
    CocoAttributes attributes =
        read(
                "[{\"id\": 7}, {\"id\": 3}]",
                ", \"attribute_ids\": [3]",
                ", \"attribute_ids\": [7, 3]")
            .orElseThrow();
    assertEquals(2, attributes.count());
    CocoImage image = CocoAnnotations.open(folder.resolve("truth.json")).images().get(0);
    assertEquals(List.of(BitSet.valueOf(new long[] {0b10})), attributes.truths(image));
    assertEquals(List.of(BitSet.valueOf(new long[] {0b11})), attributes.found(image));
  }

  @Test
  void mayBeMissing() throws IOException {
    assertTrue(read("[]", "", "").isEmpty());
    assertTrue(read("[{\"id\": 7}]", ", \"attribute_ids\": [7]", "").isEmpty());
    assertTrue(read("[{\"id\": 7}]", "", ", \"attribute_ids\": [7]").isEmpty());
  }

  @Test
  void mustBeInTheList() {
    String one = "[{\"id\": 7}]";
    String good = ", \"attribute_ids\": [7]";
    assertMessage(
        "results.json line 1, entry 1: expected \"attribute_ids\" to be ids of \"attributes\", found 8",
        one,
        good,
        ", \"attribute_ids\": [8]");
    assertMessage(
        "truth.json line 1, annotation 1: expected \"attribute_ids\" to be a list of attribute ids, found 7",
        one,
        ", \"attribute_ids\": 7",
        good);
    assertMessage(
        "truth.json \"attributes\": expected \"id\" to be a whole number, found the string \"a\"",
        "[{\"id\": \"a\"}]",
        good,
        good);
  }

  private void assertMessage(String expected, String list, String truth, String found) {
    String message = assertThrows(UserError.class, () -> read(list, truth, found)).getMessage();
    assertEquals(folder + "/" + expected, message);
  }

  private Optional<CocoAttributes> read(String list, String truth, String found)
      throws IOException {
    Path truthFile = folder.resolve("truth.json");
    Path results = folder.resolve("results.json");
    Files.writeString(
        truthFile,
        "{\"images\": [{\"id\": 1, \"height\": 4, \"width\": 4}], \"categories\": [{\"id\": 0, \"name\": \"a\"}],"
            + " \"annotations\": [{\"id\": 1, \"image_id\": 1, %s%s}], \"attributes\": %s}"
                .formatted(BOX, truth, list));
    Files.writeString(results, "[{\"image_id\": 1, \"score\": 0.5, %s%s}]".formatted(BOX, found));
    return CocoAttributes.read(CocoAnnotations.open(truthFile), results);
  }
}
