package dev.selvage.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.cli.TinyRun.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotCommandTest {
  @TempDir Path folder;

  @Test
  void drawsEachQuantityOfEachRun() throws IOException {
    Path a =
        run("a&b", "epoch,lr,loss,val_loss,seconds\n1,0.1,4,5,9\n2,0.1,2,3,9\n3,0.1,1,2.5,9\n");
    Path b = run("second", "epoch,lr,loss,val_loss,val_ap,seconds\n1,0.2,3,,0.5,9\n2,0.1,0,,,9\n");
    Path out = folder.resolve("curves.svg");
    Outcome outcome =
        TinyRun.call("plot", a.toString(), b.toString() + "/log.csv", "--out", out.toString());
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals(out + ": 2 runs, epochs 3, 2\n", outcome.out());
    String svg = Files.readString(out);
    for (String text : new String[] {"a&amp;b", "second", "loss", "lr", "ap", "validation"}) {
      assertTrue(svg.contains(">" + text + "</text>"), text + " in " + svg);
    }
    assertFalse(svg.contains("seconds"), svg);
    // epochs 1 to 3 across, 0 to 5 up: the first panel's axes span 314 and 194 pixels
    assertTrue(svg.contains("points='72.00,%s 229.00,%s 386.00,%s'".formatted(y(4), y(2), y(1))));
    assertTrue(svg.contains("points='72.00,%s 229.00,%s 386.00,%s'".formatted(y(5), y(3), y(2.5))));
    assertTrue(svg.contains("points='72.00,%s 229.00,%s'".formatted(y(3), y(0))));
    assertEquals(1, svg.split("<circle").length - 1, "the one AP is a dot");
  }

  /** Height of a value in the first panel. */
  private static String y(double value) {
    return String.format(Locale.ROOT, "%.2f", 294 - 194 * value / 5);
  }

  @Test
  void drawsAPictureWithoutADisplay() throws IOException {
    Path a = run("a", "epoch,lr,loss,val_loss\n1,0.1,4,5\n2,0.1,2,3\n");
    Path out = folder.resolve("curves.png");
    Outcome outcome = TinyRun.call("plot", a.toString(), "--out", out.toString());
    assertEquals(0, outcome.code(), outcome.err());
    try (Mat picture = opencv_imgcodecs.imread(out.toString());
        Mat blue = new Mat();
        Scalar low = new Scalar(185, 95, 25, 0);
        Scalar high = new Scalar(195, 105, 35, 0);
        Mat from = new Mat(low);
        Mat to = new Mat(high)) {
      assertEquals(2 * (40 + 2 * 380), picture.cols());
      opencv_core.inRange(picture, from, to, blue);
      int coloured = opencv_core.countNonZero(blue);
      assertTrue(coloured > 2000, coloured + " pixels of the run's colour");
    }
  }

  @Test
  void refusesWhatIsNoRun() throws IOException {
    assertRefused("plot: expected the folder of a run", "plot", folder.resolve("none").toString());
    assertRefused("log.csv: expected the log of a run", "plot", folder.toString());
    Path a = run("a", "epoch,lr,loss\n1,0.1,4\n");
    assertRefused("--runs has an effect only with", "plot", a.toString(), "--runs", "runs");
    assertRefused("ends in .png or .svg", "plot", a.toString(), "--out", "curves.pdf");
    String nowhere = folder.resolve("nowhere/curves.png").toString();
    assertRefused("cannot be written", "plot", a.toString(), "--out", nowhere);
  }

  private static void assertRefused(String sentence, String... arguments) {
    Outcome outcome = TinyRun.call(arguments);
    assertEquals(2, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains(sentence), outcome.err());
  }

  private Path run(String name, String log) throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    Files.writeString(run.resolve("log.csv"), log);
    return run;
  }
}
