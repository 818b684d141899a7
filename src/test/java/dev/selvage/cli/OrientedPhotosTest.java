package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.config.ExifMode;
import dev.selvage.data.image.PhotoBytes;
import dev.selvage.data.image.PhotoHeader;
import dev.selvage.data.image.Photos;
import dev.selvage.data.kaggle.KaggleDataset;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Datasets whose photos have orientation marks, annotated as displayed and as stored. */
class OrientedPhotosTest {
  private static final int HEIGHT = 48;
  private static final int WIDTH = 64;

  @TempDir Path folder;

  private Path data;

  /** For each mark and format a photo annotated as displayed, and one as stored. */
  @BeforeEach
  void dataset() throws IOException {
    data = folder.resolve("data");
    Files.createDirectories(data.resolve("train"));
    Files.writeString(
        data.resolve("label_descriptions.json"),
        "{\"categories\": [{\"id\": 5, \"name\": \"pants\"}]}");
    StringBuilder rows = new StringBuilder("ImageId,EncodedPixels,Height,Width,ClassId\n");
    for (String ending : List.of(".jpg", ".png", ".webp", ".tif")) {
      byte[] photo = PhotoBytes.noise(ending, HEIGHT, WIDTH);
      for (int mark : new int[] {3, 6, 8}) {
        for (String how : List.of("displayed", "stored")) {
          String name = how + mark + ending;
          Files.write(
              data.resolve("train").resolve(name),
              PhotoBytes.marked(photo, mark, ByteOrder.LITTLE_ENDIAN));
          boolean turned = mark > 4 && how.equals("displayed");
          rows.append(
              turned
                  ? name + ",1 40," + WIDTH + "," + HEIGHT + ",5\n"
                  : name + ",1 40," + HEIGHT + "," + WIDTH + ",5\n");
        }
      }
    }
    Files.writeString(data.resolve("train.csv"), rows);
  }

  /** Pixels of a photo as its dataset takes it. */
  private static byte[] pixels(KaggleDataset dataset, int image, ExifMode mode) {
    var size = new dev.selvage.data.image.PhotoSize(dataset.height(image), dataset.width(image));
    try (Mat photo = new Photos(mode).atLeast(dataset.path(image), size, 999).orElseThrow()) {
      assertEquals(size.height(), photo.rows());
      assertEquals(size.width(), photo.cols());
      byte[] pixels = new byte[3 * photo.rows() * photo.cols()];
      photo.data().get(pixels);
      return pixels;
    }
  }

  /** What is resized shows the same picture under the same rows, without a mark. */
  @Test
  void resizeTurnsPhotosOnceAndForAll() throws IOException {
    KaggleDataset before = KaggleDataset.open(data);
    for (ExifMode mode : ExifMode.values()) {
      Path out = folder.resolve(mode.word());
      Outcome outcome =
          TinyRun.call(
              "resize",
              "--data",
              data + "",
              "--out",
              out + "",
              "--side",
              "64",
              "--exif",
              mode.word());
      assertEquals(0, outcome.code(), outcome.err());
      assertTrue(outcome.out().contains("orientation mark (EXIF): 24 (8 t"), outcome.out());
      KaggleDataset after = KaggleDataset.open(out);
      assertEquals(24, after.size());
      for (int i = 0; i < after.size(); i++) {
        String name = after.fileName(i);
        PhotoHeader header = PhotoHeader.read(after.path(i)).orElseThrow();
        assertEquals(1, header.orientation().value(), name);
        byte[] expected = pixels(before, i, mode);
        byte[] found = pixels(after, i, mode);
        if (name.endsWith(".png") || name.endsWith(".tif")) {
          assertArrayEquals(expected, found, name);
        } else {
          assertTrue(difference(expected, found) < 25, name + " is another picture");
        }
        assertEquals(before.instances(i).get(0).mask(), after.instances(i).get(0).mask(), name);
      }
    }
  }

  private static double difference(byte[] expected, byte[] found) {
    long sum = 0;
    for (int i = 0; i < expected.length; i++) {
      sum += Math.abs((expected[i] & 0xFF) - (found[i] & 0xFF));
    }
    return (double) sum / expected.length;
  }

  @Test
  void inspectListsThem() {
    Outcome outcome = TinyRun.call("inspect", "--data", data + "");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(
        outcome.out().contains("note     photos with an orientation mark (EXIF): 24"),
        outcome.out());
    assertTrue(
        outcome.out().contains("displayed3.jpg turned as displayed by EXIF_ORIENTATION=apply"),
        outcome.out());
  }

  @Test
  void predictSaysSo() throws IOException {
    TinyRun tiny = new TinyRun(folder.resolve("run"));
    Path photo = data.resolve("train/displayed6.jpg");
    for (ExifMode mode : ExifMode.values()) {
      Path out = folder.resolve("out" + mode);
      Outcome outcome =
          TinyRun.call(
              "predict",
              "--weights",
              tiny.run + "",
              "--images",
              photo + "",
              "--out",
              out + "",
              "--set",
              "EXIF_ORIENTATION=" + mode.word());
      assertEquals(0, outcome.code(), outcome.err());
      String how = mode == ExifMode.APPLY ? "turned as displayed" : "taken as stored";
      assertTrue(
          outcome.err().contains("(EXIF): 1 (1 " + how + " by EXIF_ORIENTATION=" + mode.word()),
          outcome.err());
      String size = mode == ExifMode.APPLY ? "[64,48]" : "[48,64]";
      String results = Files.readString(out.resolve("detections.json"));
      assertTrue(results.contains("\"size\":" + size), results);
      try (Mat picture = new Photos().original(out.resolve("displayed6.jpg")).orElseThrow()) {
        assertEquals(mode == ExifMode.APPLY, picture.rows() > picture.cols());
      }
    }
  }
}
