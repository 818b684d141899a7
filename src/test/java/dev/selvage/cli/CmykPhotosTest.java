package dev.selvage.cli;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.TinyRun.Outcome;
import dev.selvage.data.image.CmykJpeg;
import dev.selvage.data.image.Photos;
import dev.selvage.train.TinyDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.indexer.UByteRawIndexer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command takes JPEGs in CMYK for what they look like: the same photos in RGB. */
class CmykPhotosTest {
  private static final int ROWS = 6;
  private static final int COLUMNS = 9;
  private static final int BLOCK = 8;

  @TempDir Path folder;

  private Path inks;
  private Path colours;

  /** Photos of 48 x 72 pixels; those in RGB keep the names, which say JPEG. */
  @BeforeEach
  void datasets() throws IOException {
    inks = folder.resolve("inks/ds");
    colours = folder.resolve("colours/ds");
    StringBuilder csv = new StringBuilder("ImageId,EncodedPixels,Height,Width,ClassId\n");
    for (int i = 0; i < 4; i++) {
      csv.append("%d.jpg,1 30 49 30 97 30,48,72,3\n%d.jpg,2001 400,48,72,7\n".formatted(i, i));
    }
    for (Path data : List.of(inks, colours)) {
      TinyDataset.write(data, 0);
      Files.writeString(data.resolve("train.csv"), csv);
    }
    for (int i = 0; i < 4; i++) {
      int[][][] light = light(i);
      Files.write(photo(inks, i), CmykJpeg.bytes(light, CmykJpeg.Stored.CMYK));
      Path png = folder.resolve("x.png");
      try (Mat bgr = new Mat(ROWS * BLOCK, COLUMNS * BLOCK, CV_8UC3)) {
        UByteRawIndexer values = bgr.createIndexer();
        for (int y = 0; y < bgr.rows(); y++) {
          for (int x = 0; x < bgr.cols(); x++) {
            for (int c = 0; c < 3; c++) {
              values.put(y, x, 2 - c, seen(light[y / BLOCK][x / BLOCK], c));
            }
          }
        }
        opencv_imgcodecs.imwrite(png.toString(), bgr);
      }
      Files.move(png, photo(colours, i));
    }
  }

  private static Path photo(Path data, int i) {
    return data.resolve("train/" + i + ".jpg");
  }

  private static int[][][] light(int seed) {
    Random random = new Random(seed);
    int[][][] light = new int[ROWS][COLUMNS][4];
    for (int[][] row : light) {
      for (int[] inks : row) {
        for (int c = 0; c < 4; c++) {
          inks[c] = random.nextInt(256);
        }
      }
    }
    return light;
  }

  /** A colour as the decoder rounds it. */
  private static int seen(int[] light, int channel) {
    return light[3] - ((255 - light[channel]) * light[3] >> 8);
  }

  @Test
  void predictFindsTheSame() throws IOException {
    TinyRun tiny = new TinyRun(folder);
    List<String> found = new ArrayList<>();
    for (Path data : List.of(inks, colours)) {
      Path out = data.resolve("out");
      run(
          "predict",
          "--weights",
          tiny.run + "",
          "--images",
          data.resolve("train") + "",
          "--out",
          out + "");
      found.add(Files.readString(out.resolve(PredictionJob.FILE)));
    }
    assertEquals(found.get(1), found.get(0));
    assertTrue(found.get(0).contains("score"), "nothing was found");
  }

  @Test
  void trainLearnsTheSame() throws IOException {
    List<String> losses = new ArrayList<>();
    for (Path data : List.of(inks, colours)) {
      Path run = data.resolve("run");
      List<String> line = new ArrayList<>(List.of("train", "--data", data + "", "--run", run + ""));
      for (String setting : TinyDataset.SETTINGS) {
        line.addAll(List.of("--set", setting));
      }
      line.addAll(List.of("--set", "EPOCHS=1", "--set", "LRS=0.01", "--set", "LAYERS=all"));
      line.addAll(List.of("--set", "FLIPS=true"));
      Outcome outcome = run(line.toArray(String[]::new));
      assertFalse(outcome.err().contains("skipped"), outcome.err());
      String row = Files.readAllLines(run.resolve("log.csv")).get(1);
      losses.add(String.join(",", List.of(row.split(",")).subList(0, 14)));
    }
    assertEquals(losses.get(1), losses.get(0));
  }

  @Test
  void inspectSeesTheSame() {
    List<String> said = new ArrayList<>();
    for (Path data : List.of(inks, colours)) {
      said.add(run("inspect", "--data", data + "").out().replace(data + "", "DATA"));
    }
    assertEquals(said.get(1), said.get(0));
  }

  /** In RGB, which every program reads alike. */
  @Test
  void resizeWritesWhatIsSeen() {
    Path out = folder.resolve("small");
    run("resize", "--data", inks + "", "--out", out + "", "--side", "36");
    for (int i = 0; i < 4; i++) {
      int[][][] light = light(i);
      try (Mat small = new Photos().original(photo(out, i)).orElseThrow()) {
        UByteRawIndexer values = small.createIndexer();
        double sum = 0;
        for (int y = 0; y < ROWS; y++) {
          for (int x = 0; x < COLUMNS; x++) {
            for (int c = 0; c < 3; c++) {
              sum += Math.abs(values.get(4 * y + 1, 4 * x + 1, c) - seen(light[y][x], c));
            }
          }
        }
        double mean = sum / (3 * ROWS * COLUMNS);
        assertEquals(0, mean, 25, "photo " + i); // half as many pixels of colour in a small JPEG
      }
    }
  }

  private static Outcome run(String... arguments) {
    Outcome outcome = TinyRun.call(arguments);
    assertEquals(0, outcome.code(), outcome.err());
    return outcome;
  }
}
