package dev.selvage.data.split;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.Dataset;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitCodeTest {
  /** A dataset of these file names, of which nothing else is asked. */
  private static Dataset named(String... names) {
    return (Dataset)
        Proxy.newProxyInstance(
            Dataset.class.getClassLoader(),
            new Class<?>[] {Dataset.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "size" -> names.length;
                  case "fileName" -> names[(int) arguments[0]];
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  @Test
  void givesTheSplitBackInAnyOrderOfThePhotos() {
    Split split = new Split(new int[] {0, 2}, new int[] {1, 3});
    SplitCode code = SplitCode.of(split, named("d", "b", "a", "c"));
    Split again = code.of(named("d", "b", "a", "c"));
    assertArrayEquals(split.train(), again.train());
    assertArrayEquals(split.valid(), again.valid());
    Split sorted = code.of(named("a", "b", "c", "d"));
    assertArrayEquals(new int[] {0, 3}, sorted.train());
    assertArrayEquals(new int[] {1, 2}, sorted.valid());
  }

  @Test
  void isNotForOtherPhotos() {
    SplitCode code = SplitCode.of(new Split(new int[] {0}, new int[] {1}), named("a", "b"));
    assertTrue(code.isFor(named("b", "a")));
    for (List<String> other : List.of(List.of("a"), List.of("a", "c"), List.of("a", "b", "c"))) {
      assertFalse(code.isFor(named(other.toArray(String[]::new))), other::toString);
    }
  }

  @Test
  void takesOneBitPerPhoto() {
    int[] none = {};
    int[] all = java.util.stream.IntStream.range(0, 45_000).toArray();
    String[] names =
        java.util.Arrays.stream(all).mapToObj("photo%05d.jpg"::formatted).toArray(String[]::new);
    SplitCode code = SplitCode.of(new Split(none, all), named(names));
    assertEquals(7500, code.valid().length());
    assertArrayEquals(all, code.of(named(names)).valid());
  }

  @Test
  void refusesADamagedText() {
    SplitCode code = SplitCode.of(new Split(new int[] {0}, new int[] {1}), named("a", "b"));
    for (String valid : List.of("?", "BA==")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new SplitCode(code.names(), valid).of(named("a", "b")),
          valid);
    }
  }
}
