package dev.selvage.cli;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import dev.selvage.mask.CocoRle;
import dev.selvage.mask.Rle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** A COCO dataset of photos that are 200 pixels high and 120 wide, with a red rectangle each. */
final class CocoFiles {
  static final int HEIGHT = 200;
  static final int WIDTH = 120;

  /** The red rectangle. */
  static final int TOP = 40;

  static final int LEFT = 30;
  static final int TALL = 100;
  static final int WIDE = 60;

  private final Path folder;
  private final List<String> images = new ArrayList<>();
  private final List<String> annotations = new ArrayList<>();

  CocoFiles(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("annotations"));
    Files.createDirectories(folder.resolve("some"));
  }

  /** An image without a photo. */
  CocoFiles image(int id, String name, int height, int width) {
    images.add(
        "{\"id\": %d, \"file_name\": \"%s\", \"height\": %d, \"width\": %d, \"license\": 4}"
            .formatted(id, name, height, width));
    return this;
  }

  /** An image with its photo. */
  CocoFiles photo(int id, String name) throws IOException {
    Path file = folder.resolve("some").resolve(name);
    Files.createDirectories(file.getParent());
    try (Scalar blue = new Scalar(200, 10.0 * id % 100, 30, 0);
        Scalar red = new Scalar(30, 30, 200, 0);
        Mat photo = new Mat(HEIGHT, WIDTH, CV_8UC3, blue);
        Rect place = new Rect(LEFT, TOP, WIDE, TALL)) {
      opencv_imgproc.rectangle(photo, place, red, -1, 8, 0);
      opencv_imgcodecs.imwrite(file.toString(), photo);
    }
    return image(id, name, HEIGHT, WIDTH);
  }

  CocoFiles annotation(int id, int imageIndex, int category, int crowd, String mask) {
    annotations.add(
        "{\"id\": %d, \"image_id\": %d, \"category_id\": %d, \"iscrowd\": %d, \"note\": \"n%d\","
                .formatted(id, imageIndex, category, crowd, id)
            + " \"area\": %d, \"bbox\": [%d, %d, %d, %d], \"keypoints\": [%d, %d, 2],"
                .formatted(TALL * WIDE, LEFT, TOP, WIDE, TALL, LEFT, TOP)
            + " \"segmentation\": %s}".formatted(mask));
    return this;
  }

  static String polygon() {
    int right = LEFT + WIDE;
    int bottom = TOP + TALL;
    return "[[%d, %d, %d, %d, %d, %d, %d, %d]]"
        .formatted(LEFT, TOP, right, TOP, right, bottom, LEFT, bottom);
  }

  static Rle mask() {
    byte[] pixels = new byte[HEIGHT * WIDTH];
    for (int x = LEFT; x < LEFT + WIDE; x++) {
      for (int y = TOP; y < TOP + TALL; y++) {
        pixels[x * HEIGHT + y] = 1;
      }
    }
    return Rle.fromBitmask(pixels, HEIGHT, WIDTH);
  }

  static String numbers() {
    List<Integer> counts = new ArrayList<>();
    for (int count : mask().counts()) {
      counts.add(count);
    }
    return "{\"size\": [%d, %d], \"counts\": %s}".formatted(HEIGHT, WIDTH, counts);
  }

  static String text() {
    return "{\"size\": [%d, %d], \"counts\": \"%s\"}"
        .formatted(HEIGHT, WIDTH, CocoRle.write(mask()).replace("\\", "\\\\"));
  }

  /** Writes annotations/instances_some.json; images come after the annotations, as they may. */
  void write() throws IOException {
    Files.writeString(
        folder.resolve("annotations/instances_some.json"),
        "{\"info\": {\"year\": 2026}, \"annotations\": %s, \"images\": %s, \"categories\": [{\"id\": 4, \"name\": \"hat\"}, {\"id\": 90, \"name\": \"shoe\"}]}"
            .formatted(annotations, images));
  }
}
