package dev.selvage.bench;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import dev.selvage.mask.KaggleRle;
import dev.selvage.mask.RleBuilder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * Generates a folder in Kaggle's layout like the real one: with as many rows per photo and bytes
 * per row. Its photos are hard links to a few grey pictures.
 */
public final class SyntheticKaggle {
  /** The real dataset has 331,000 rows for 45,625 photos. */
  private static final double ROWS_PER_PHOTO = 331000 / 45625.0;

  private static final int CATEGORIES = 46;
  private static final int[][] SIZES = {
    {1024, 683}, {1200, 800}, {1500, 1000}, {2000, 1333}, {2400, 1600}, {3000, 2000}
  };

  private SyntheticKaggle() {}

  /** Writes the same files every time into a folder, which must be empty. */
  public static void write(Path dir, int rows) throws IOException {
    Path photos = Files.createDirectory(dir.resolve("train"));
    Path[] pictures = pictures(dir);
    StringBuilder labels = new StringBuilder("{\"categories\": [");
    for (int id = 0; id < CATEGORIES; id++) {
      labels.append(id == 0 ? "" : ", ").append("{\"id\": %s, \"name\": \"%s\"}".formatted(id, id));
    }
    Files.writeString(dir.resolve("label_descriptions.json"), labels + "]}");
    SplittableRandom random = new SplittableRandom(1);
    try (BufferedWriter csv = Files.newBufferedWriter(dir.resolve("train.csv"))) {
      csv.write("ImageId,EncodedPixels,Height,Width,ClassId\n");
      int photo = -1;
      String name = null;
      for (int row = 0; row < rows; row++) {
        if ((int) (row / ROWS_PER_PHOTO) > photo) {
          photo++;
          name = String.format(Locale.ROOT, "%06d.jpg", photo);
          Files.createLink(photos.resolve(name), pictures[photo % pictures.length]);
        }
        int height = SIZES[photo % SIZES.length][0];
        int width = SIZES[photo % SIZES.length][1];
        csv.write(
            "%s,%s,%s,%s,%s\n"
                .formatted(
                    name,
                    ellipse(height, width, 130, random),
                    height,
                    width,
                    random.nextInt(CATEGORIES)));
      }
    }
  }

  private static Path[] pictures(Path dir) throws IOException {
    Path folder = Files.createDirectory(dir.resolve("pictures"));
    Path[] pictures = new Path[SIZES.length];
    for (int i = 0; i < SIZES.length; i++) {
      pictures[i] = folder.resolve(i + ".jpg");
      try (Scalar grey = new Scalar(128);
          Mat picture = new Mat(SIZES[i][0], SIZES[i][1], CV_8UC3, grey)) {
        opencv_imgcodecs.imwrite(pictures[i].toString(), picture);
      }
    }
    return pictures;
  }

  /**
   * The mask of an ellipse, with one run per column.
   *
   * @param most limit of half its width; with 130 a row is as long as the real ones are on average
   */
  static String ellipse(int height, int width, int most, SplittableRandom random) {
    int a = 40 + random.nextInt(most - 40);
    int b = 40 + random.nextInt(height / 4);
    int cx = a + random.nextInt(width - 2 * a);
    int cy = b + random.nextInt(height - 2 * b);
    RleBuilder runs = new RleBuilder(4 * a + 4);
    for (int x = -a; x <= a; x++) {
      int half = (int) (b * Math.sqrt(1 - (double) x * x / ((double) a * a)));
      runs.set((cx + x) * height + cy - half, 2 * half);
    }
    return KaggleRle.write(runs.build(height, width));
  }
}
