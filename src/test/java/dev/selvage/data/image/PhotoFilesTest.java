package dev.selvage.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoFilesTest {
  @Test
  void listsPhotosInNameOrder(@TempDir Path folder) throws IOException {
    for (String name : List.of("b.PNG", "a.jpg", "notes.txt", "c.jpeg", ".hidden")) {
      Files.createFile(folder.resolve(name));
    }
    Files.createDirectory(folder.resolve("d.jpg"));
    List<String> names =
        PhotoFiles.list(folder, "--images").stream().map(p -> p.getFileName().toString()).toList();
    assertEquals(List.of("a.jpg", "b.PNG", "c.jpeg"), names);
    // by their names alone, whatever they are
    assertEquals(
        List.of("a.jpg", "b.PNG", "c.jpeg", "d.jpg"),
        PhotoFiles.named(folder, "--images").stream()
            .map(p -> p.getFileName().toString())
            .toList());
    Path single = folder.resolve("notes.txt");
    assertEquals(List.of(single), PhotoFiles.list(single, "--images"));
  }

  @Test
  void takesPhotosByTheirContent(@TempDir Path folder) throws IOException {
    for (String name : List.of("a.JPG", "b.jfif", "c.Gif", "d.heic", "e.avif", "f.txt", "g.xmp")) {
      Files.createFile(folder.resolve(name));
    }
    Files.write(folder.resolve("0123abc"), PhotoBytes.noise(".jpg", 8, 8));
    Files.write(folder.resolve("z.dat"), PhotoBytes.noise(".webp", 8, 8));
    List<String> names =
        PhotoFiles.list(folder, "--images").stream().map(p -> p.getFileName().toString()).toList();
    assertEquals(List.of("0123abc", "a.JPG", "b.jfif", "c.Gif", "z.dat"), names);
    assertEquals(
        Optional.of(
            folder
                + ": 4 files are no photos of a format that is read and are left out: d.heic,"
                + " e.avif, f.txt, ..."),
        PhotoFiles.leftOut(folder));
    for (String name : List.of("e.avif", "f.txt", "g.xmp")) {
      Files.delete(folder.resolve(name));
    }
    assertEquals(
        Optional.of(
            folder + ": 1 file is no photo of a format that is read and is left out: d.heic"),
        PhotoFiles.leftOut(folder));
    assertEquals(Optional.empty(), PhotoFiles.leftOut(folder.resolve("a.JPG")));
  }

  @Test
  void refusesAFolderThatIsMissingOrEmpty(@TempDir Path folder) {
    Path missing = folder.resolve("missing");
    String nothing =
        assertThrows(UserError.class, () -> PhotoFiles.list(missing, "--images")).getMessage();
    assertTrue(nothing.contains("--images") && nothing.contains(missing.toString()), nothing);
    String empty =
        assertThrows(UserError.class, () -> PhotoFiles.list(folder, "--images")).getMessage();
    assertTrue(empty.contains("*.jpg") && empty.contains(folder.toString()), empty);
  }
}
