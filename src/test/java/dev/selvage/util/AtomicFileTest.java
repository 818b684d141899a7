package dev.selvage.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path dir;

  @Test
  void aLinkReplacesWhatWasThereAndOutlivesItsFile() throws IOException {
    Path first = Files.writeString(dir.resolve("first"), "1");
    Path second = Files.writeString(dir.resolve("second"), "2");
    Path link = dir.resolve("link");
    AtomicFile.link(link, first);
    AtomicFile.link(link, first); // the same file under both names
    assertEquals("1", Files.readString(link));
    AtomicFile.link(link, second);
    Files.delete(second);
    assertEquals("2", Files.readString(link));
    assertEquals("1", Files.readString(first));
    try (Stream<Path> files = Files.list(dir)) {
      assertEquals(
          List.of("first", "link"), files.map(f -> f.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void aLinkThatCannotBeMadeIsNamed() {
    Path link = dir.resolve("nowhere/link");
    UserError error =
        assertThrows(UserError.class, () -> AtomicFile.link(link, dir.resolve("first")));
    assertTrue(error.getMessage().startsWith(link + ": cannot be written"), error.getMessage());
  }
}
