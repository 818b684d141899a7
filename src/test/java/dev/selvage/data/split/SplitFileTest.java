package dev.selvage.data.split;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.data.NamedPhotos;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitFileTest {
  @TempDir Path dir;

  private final NamedPhotos dataset = new NamedPhotos("a.jpg", "b, c.jpg", "d\"e.jpg", "f.jpg");

  @Test
  void comesBackAsItWas() {
    Split split = new Split(new int[] {0, 2}, new int[] {1, 3});
    SplitFile.write(dir.resolve("s.csv"), split, dataset);
    Split read = SplitFile.read(dir.resolve("s.csv")).of(dataset);
    assertArrayEquals(split.train(), read.train());
    assertArrayEquals(split.valid(), read.valid());
  }

  @Test
  void knowsItsPhotosByName() {
    SplitFile.write(dir.resolve("s.csv"), new Split(new int[] {0, 1, 2, 3}, new int[0]), dataset);
    SplitFile file = SplitFile.read(dir.resolve("s.csv"));
    assertTrue(file.isFor(dataset));
    NamedPhotos fewer = new NamedPhotos("a.jpg", "f.jpg");
    assertFalse(file.isFor(fewer));
    assertFalse(file.isFor(new NamedPhotos("a.jpg", "b, c.jpg", "d\"e.jpg", "g.jpg")));
    String message = assertThrows(UserError.class, () -> file.of(fewer)).getMessage();
    assertTrue(message.contains("each of the 2 photos"), message);
  }

  /** As the dataset states them, which older versions wrote. */
  @Test
  void findsPhotosByTheirShortestNameToo() throws IOException {
    Path csv =
        Files.writeString(
            dir.resolve("s.csv"),
            "ImageId,Part\n./a.jpg,train\nown\\b.jpg,valid\nx/../c.jpg,valid\nd\\e.jpg,train\n");
    SplitFile file = SplitFile.read(csv);
    // the last one has a backslash in the name of its file
    NamedPhotos photos = new NamedPhotos("a.jpg", "c.jpg", "d\\e.jpg", "own/b.jpg");
    assertArrayEquals(new int[] {0, 2}, file.of(photos).train());
    assertArrayEquals(new int[] {1, 3}, file.of(photos).valid());
    assertFalse(file.isFor(new NamedPhotos("a.jpg", "c.jpg", "e.jpg", "own/b.jpg")));
  }

  @Test
  void namesTheLineThatIsWrong() throws IOException {
    assertRefused("expected columns ImageId,Part, found an empty file", "");
    assertRefused("line 1: expected columns ImageId,Part, found Photo", "Photo\n");
    assertRefused("line 3: expected a photo and its part", "ImageId,Part\na.jpg,train\nb,test\n");
    assertRefused("line 2: expected a photo and its part", "ImageId,Part\na.jpg\n");
    assertRefused("line 3: expected each photo only once", "ImageId,Part\na,train\na,valid\n");
    assertRefused("found a\\u000ab,test", "ImageId,Part\n\"a\nb\",test\n");
    String message =
        assertThrows(UserError.class, () -> SplitFile.read(dir.resolve("none"))).getMessage();
    assertTrue(message.contains("found no such file"), message);
  }

  private void assertRefused(String expected, String text) throws IOException {
    Path file = Files.writeString(dir.resolve("bad.csv"), text);
    String message = assertThrows(UserError.class, () -> SplitFile.read(file)).getMessage();
    assertTrue(message.startsWith(file.toString()) && message.contains(expected), message);
  }
}
