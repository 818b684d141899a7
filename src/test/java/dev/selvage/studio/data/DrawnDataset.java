package dev.selvage.studio.data;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** A dataset in Kaggle's layout whose photos show rectangles. */
final class DrawnDataset {
  private final Path dir;
  private final StringBuilder rows =
      new StringBuilder("ImageId,EncodedPixels,Height,Width,ClassId\n");

  DrawnDataset(Path dir, String... categories) throws IOException {
    this.dir = dir;
    Files.createDirectories(dir.resolve("train"));
    StringBuilder labels = new StringBuilder("{\"categories\": [");
    for (int c = 0; c < categories.length; c++) {
      labels
          .append(c == 0 ? "" : ", ")
          .append("{\"id\": %d, \"name\": \"%s\"}".formatted(c, categories[c]));
    }
    Files.writeString(dir.resolve("label_descriptions.json"), labels + "]}");
  }

  /** A photo of one grey, without objects until some are added. */
  DrawnDataset photo(String name, int height, int width, int grey) {
    try (Scalar colour = new Scalar(grey);
        Mat photo = new Mat(height, width, CV_8UC3, colour)) {
      opencv_imgcodecs.imwrite(dir.resolve("train").resolve(name).toString(), photo);
    }
    return this;
  }

  /** A red rectangle in a photo, and its row. */
  DrawnDataset object(String photo, int category, int top, int left, int rows, int columns) {
    String file = dir.resolve("train").resolve(photo).toString();
    try (Mat picture = opencv_imgcodecs.imread(file);
        Rect place = new Rect(left, top, columns, rows);
        Scalar red = new Scalar(0, 0, 255, 0)) {
      opencv_imgproc.rectangle(picture, place, red, -1, 8, 0);
      opencv_imgcodecs.imwrite(file, picture);
      StringBuilder runs = new StringBuilder();
      for (int x = left; x < left + columns; x++) {
        runs.append(x == left ? "" : " ").append(x * picture.rows() + top + 1).append(' ');
        runs.append(rows);
      }
      return row("%s,%s,%d,%d,%d".formatted(photo, runs, picture.rows(), picture.cols(), category));
    }
  }

  /** A row as it is. */
  DrawnDataset row(String row) {
    rows.append(row).append('\n');
    return this;
  }

  Path write() throws IOException {
    Files.writeString(dir.resolve("train.csv"), rows);
    return dir;
  }
}
