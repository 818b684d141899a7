package dev.selvage.data;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import dev.selvage.data.image.PhotoSize;
import dev.selvage.mask.Rle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * Photos of red rectangles on blue, so that a picture's colours say where its masks must be. The
 * last object of each photo is a crowd.
 */
public final class PaintedPhotos implements Dataset {
  private static final Scalar RED = new Scalar(30, 30, 200, 0); // blue first, as OpenCV writes
  private static final Scalar BLUE = new Scalar(200, 30, 30, 0);
  private static final int OBJECTS = 3;

  private final Path dir;
  private final List<List<Instance>> instances = new ArrayList<>();
  private final List<PhotoSize> sizes = new ArrayList<>();

  public PaintedPhotos(Path dir, int photos) {
    this.dir = dir;
    for (int i = 0; i < photos; i++) {
      paint(i);
    }
  }

  private void paint(int photo) {
    SplittableRandom random = new SplittableRandom(photo);
    PhotoSize size = new PhotoSize(150 + 40 * (photo % 3), 210 - 30 * (photo % 4));
    List<Instance> objects = new ArrayList<>();
    try (Mat picture = new Mat(size.height(), size.width(), CV_8UC3, BLUE)) {
      for (int i = 0; i < OBJECTS; i++) {
        int height = 24 + random.nextInt(30);
        int width = 24 + random.nextInt(30);
        int y = random.nextInt(size.height() - height);
        int x = random.nextInt(size.width() - width);
        byte[] full = new byte[height * width];
        Arrays.fill(full, (byte) 1);
        Rle mask = Rle.fromRegion(full, y, x, height, width, size.height(), size.width());
        objects.add(new Instance(1 + i, mask, i == OBJECTS - 1));
        try (Rect place = new Rect(x, y, width, height)) {
          opencv_imgproc.rectangle(picture, place, RED, -1, 8, 0);
        }
      }
      opencv_imgcodecs.imwrite(path(photo).toString(), picture);
    }
    sizes.add(size);
    instances.add(objects);
  }

  @Override
  public String name() {
    return "painted";
  }

  @Override
  public List<Category> categories() {
    return List.of(new Category(1, "a", ""), new Category(2, "b", ""), new Category(3, "c", ""));
  }

  @Override
  public int size() {
    return sizes.size();
  }

  @Override
  public String fileName(int imageIndex) {
    return "p%d.png".formatted(imageIndex);
  }

  @Override
  public Path path(int imageIndex) {
    return dir.resolve("p%d.png".formatted(imageIndex));
  }

  @Override
  public int height(int imageIndex) {
    return sizes.get(imageIndex).height();
  }

  @Override
  public int width(int imageIndex) {
    return sizes.get(imageIndex).width();
  }

  @Override
  public List<Instance> instances(int imageIndex) {
    return instances.get(imageIndex);
  }
}
