package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.cli.options.OutputFolder;
import dev.selvage.data.kaggle.KaggleDataset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of photos that lead elsewhere, forge rows, meet in one name or are very long. */
class PhotoNamesTest {
  @TempDir Path folder;

  @Test
  void resizeWritesNothingOutsideItsFolder() throws IOException {
    Path data = folder.resolve("coco");
    new CocoFiles(data).photo(8, "b.png").image(9, "../some/b.png", 200, 120).write();
    Path out = folder.resolve("deep/out");
    Outcome outcome =
        TinyRun.call("resize", "--data", data + "", "--out", out + "", "--side", "50");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(Files.exists(out.resolve("some/b.png")));
    try (var files = Files.list(out)) {
      assertEquals(3, files.count(), "annotations, some and resize.txt");
    }
    try (var files = Files.list(out.getParent())) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void resizeQuotesWhatWouldBecomeARow() throws IOException {
    Path data = dataset("a,\"b.png", "c.png");
    Files.writeString(
        data.resolve("train.csv"),
        "ImageId,EncodedPixels,Height,Width,ClassId\n"
            + "\"a,\"\"b.png\",1 30,50,70,\"5_\nc.png,1 9,50,70,5\"\n"
            + "c.png,2001 400,50,70,5\n");
    Path out = folder.resolve("out");
    Outcome outcome =
        TinyRun.call("resize", "--data", data + "", "--out", out + "", "--side", "70");
    assertEquals(0, outcome.code(), outcome.err());
    KaggleDataset found = KaggleDataset.open(out);
    assertEquals(List.of("a,\"b.png", "c.png"), List.of(found.fileName(0), found.fileName(1)));
    assertEquals(1, found.instances(0).size());
    assertEquals(1, found.instances(1).size());
    assertEquals(400, found.instances(1).get(0).mask().area());
  }

  @Test
  void anEndOfLineInANameForgesNoRow() throws IOException {
    Path data = dataset("a\nb.png", "c.png");
    Files.writeString(
        data.resolve("train.csv"),
        "ImageId,EncodedPixels,Height,Width,ClassId\n\"a\nb.png\",1 30,50,70,5\n"
            + "c.png,2001 400,50,70,5\n");
    Path out = folder.resolve("out");
    Outcome outcome =
        TinyRun.call("resize", "--data", data + "", "--out", out + "", "--side", "70");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(2, KaggleDataset.open(out).size());
  }

  @Test
  void resizeKeepsPhotosApartThatDifferInTheirEnding() throws IOException {
    Path data = dataset("a.png", "a.bmp");
    Files.writeString(
        data.resolve("train.csv"),
        "ImageId,EncodedPixels,Height,Width,ClassId\na.png,1 30,50,70,5\na.bmp,1 60,50,70,5\n");
    Path out = folder.resolve("out");
    Outcome outcome =
        TinyRun.call("resize", "--data", data + "", "--out", out + "", "--side", "35");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(2, KaggleDataset.open(out).size());
    assertFalse(Files.exists(out.resolve("train/a.jpg")));
  }

  @Test
  void picturesHaveNamesOfTheirOwnThatFit() {
    String umlauts = "\u00e4".repeat(125) + "."; // 251 bytes
    List<String> photos =
        List.of(
            "a.jpg",
            "a.png",
            "b.png",
            "x/c.png",
            "x_c.png",
            "d.png.jpg",
            "d.png",
            "d.bmp",
            "l".repeat(251) + ".jpg",
            "l".repeat(251) + ".png",
            umlauts + "png",
            umlauts + "jpg");
    List<String> pictures = List.of(OutputFolder.pictureNames(photos));
    assertEquals(List.of("a.jpg.jpg", "a.png.jpg", "b.jpg"), pictures.subList(0, 3));
    assertEquals(photos.size(), new HashSet<>(pictures).size(), pictures::toString);
    for (String picture : pictures) {
      assertTrue(picture.endsWith(".jpg"), picture);
      assertTrue(picture.getBytes(StandardCharsets.UTF_8).length <= 250, picture);
      assertFalse(picture.contains("/"), picture);
      assertFalse(picture.contains("\ufffd"), picture);
    }
  }

  @Test
  void predictTakesALongName() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    Path images = Files.createDirectory(folder.resolve("images"));
    for (String stem : List.of("n".repeat(250), "m".repeat(251))) {
      TinyRun.photo(images.resolve("x.png"), 60);
      Files.move(images.resolve("x.png"), images.resolve(stem + ".png"));
    }
    Path out = folder.resolve("out");
    Outcome outcome =
        TinyRun.call(
            "predict", "--weights", tiny.run + "", "--images", images + "", "--out", out + "");
    assertEquals(0, outcome.code(), outcome.err());
    try (var files = Files.list(out)) {
      assertEquals(3, files.count());
    }
  }

  private Path dataset(String... photos) throws IOException {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve("train"));
    Files.writeString(
        data.resolve("label_descriptions.json"),
        "{\"categories\": [{\"id\": 5, \"name\": \"pants\"}]}");
    for (String photo : photos) {
      Path plain = folder.resolve("x" + photo.substring(photo.lastIndexOf('.')));
      TinyRun.photo(plain, 60);
      Files.move(plain, data.resolve("train").resolve(photo));
    }
    return data;
  }
}
