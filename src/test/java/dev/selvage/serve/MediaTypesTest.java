package dev.selvage.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MediaTypesTest {
  private static final List<String> OFFERS = List.of("application/json", "image/jpeg", "image/png");

  private static String choose(String accept) {
    return MediaTypes.choose(Optional.ofNullable(accept), OFFERS).orElse("none");
  }

  @Test
  void choosesWhatTheClientLikesBest() {
    assertEquals("application/json", choose(null));
    assertEquals("application/json", choose("*/*"));
    assertEquals("image/jpeg", choose("image/*"));
    assertEquals("image/png", choose("image/png"));
    assertEquals("image/png", choose("Image/PNG, */*;q=0.1"));
    assertEquals("image/png", choose("image/jpeg;q=0.2, image/png;q=0.9"));
    assertEquals("image/jpeg", choose("text/html, image/*;q=0.8, */*;q=0.5"));
    assertEquals("image/png", choose("image/*, image/jpeg;q=0, application/json; q=0.3"));
    assertEquals("none", choose("text/html"));
    assertEquals("none", choose("*/*;q=0"));
    assertEquals("none", choose(";,;;"));
  }
}
