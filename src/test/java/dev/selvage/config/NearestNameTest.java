package dev.selvage.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  @Test
  void countsInsertionsDeletionsAndReplacements() {
    assertEquals(3, NearestName.distance("kitten", "sitting"));
    assertEquals(4, NearestName.distance("", "four"));
    assertEquals(0, NearestName.distance("same", "same"));
  }

  @Test
  void ignoresCase() {
    assertEquals(
        "BACKBONE", NearestName.of("backbon", List.of("NAME", "BACKBONE", "BACKBONE_STRIDES")));
  }
}
