package dev.selvage.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.selvage.data.image.PhotoFolder.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoFolderTest {
  @TempDir Path dir;
  private Path folder;

  @BeforeEach
  void prepare() throws IOException {
    folder = Files.createDirectories(dir.resolve("photos/own")).getParent();
    for (String name : List.of("a.jpg", "own/b.png", "two.jpg", "two.png", "back\\slash.jpg")) {
      Files.createFile(folder.resolve(name));
    }
    Files.createFile(dir.resolve("secret.jpg"));
  }

  @Test
  void findsAPhotoUnderEachSpellingOfItsName() {
    for (String name :
        List.of("a.jpg", "./a.jpg", "own/../a.jpg", ".\\a.jpg", "a", "../photos/a.jpg")) {
      assertFound("a.jpg", name);
    }
    for (String name : List.of("own/b.png", "own\\b.png", "own//b.png", "own/b")) {
      assertFound("own/b.png", name);
    }
    assertFound("back\\slash.jpg", "back\\slash.jpg");
  }

  private void assertFound(String file, String name) {
    assertEquals(
        Optional.of(new Found(file, folder.resolve(file))),
        new PhotoFolder(folder).find(name),
        name);
  }

  @Test
  void findsNothingElse() {
    PhotoFolder photos = new PhotoFolder(folder);
    for (String name :
        List.of("b.jpg", "../secret.jpg", "../secret", "a\0.jpg", "", ".", "own", "two", "A.jpg")) {
      assertEquals(Optional.empty(), photos.find(name), name);
    }
  }

  @Test
  void namesWhatWasProbablyMeant() {
    PhotoFolder photos = new PhotoFolder(folder);
    assertEquals("found no A.JPG there, but a.jpg", photos.missing("A.JPG"));
    assertEquals("found no own/b.jpg there, but b.png", photos.missing("own/b.jpg"));
    assertEquals("found no two there, but two.jpg and two.png", photos.missing("two"));
    assertEquals("found no c.jpg there", photos.missing("c.jpg"));
    assertEquals("found no none/c.jpg there", photos.missing("none/c.jpg"));
    assertEquals("found no ../secret.jpg there", photos.missing("../secret.jpg"));
  }
}
