package dev.selvage.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CategoryNamesTest {
  @Test
  void shortensSynonymsUnlessThatWouldMixUpClasses() {
    CategoryNames names =
        new CategoryNames(
            List.of(
                "top, t-shirt, sweatshirt",
                "shoe",
                "bag, wallet",
                "bag, hand luggage of all kinds",
                "a name without any synonym",
                "béret"));
    assertEquals("top", names.of(1));
    assertEquals("shoe", names.of(2));
    assertEquals("bag, wallet", names.of(3));
    assertEquals("bag, hand luggage..", names.of(4));
    assertEquals("a name without any..", names.of(5));
    assertEquals("beret", names.of(6));
  }
}
