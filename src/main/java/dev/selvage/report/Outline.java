package dev.selvage.report;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgproc.CHAIN_APPROX_NONE;
import static org.bytedeco.opencv.global.opencv_imgproc.RETR_CCOMP;

import dev.selvage.mask.CroppedMask;
import dev.selvage.mask.ResizedRasterizer;
import dev.selvage.mask.Rle;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.indexer.IntIndexer;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Point;

/** Draws masks of one photo as paths of SVG, in the pixels of a picture of it. */
public final class Outline {
  /** A path may leave the mask's edge by so many pixels. */
  private static final double TOLERANCE = 0.8;

  private final ResizedRasterizer grid;

  /**
   * For photos of one size.
   *
   * @param photoHeight pixels of the masks
   * @param height pixels of the picture, at most those of the photo
   */
  public Outline(int photoHeight, int photoWidth, int height, int width) {
    grid = new ResizedRasterizer(photoHeight, photoWidth, height, width, 0, 0, height, width);
  }

  /** The path of a mask; empty where it is smaller than a pixel of the picture. */
  @SuppressWarnings("try") // the scope frees what is made inside it
  public String path(Rle mask) {
    CroppedMask region = grid.draw(mask);
    if (region == null) {
      return "";
    }
    StringBuilder path = new StringBuilder();
    try (PointerScope scope = new PointerScope()) {
      Mat bits =
          new Mat(region.height(), region.width(), CV_8UC1, new BytePointer(region.pixels()));
      MatVector outlines = new MatVector();
      Point origin = new Point(region.left(), region.top());
      opencv_imgproc.findContours(bits, outlines, new Mat(), RETR_CCOMP, CHAIN_APPROX_NONE, origin);
      for (long i = 0; i < outlines.size(); i++) {
        Mat simple = new Mat();
        opencv_imgproc.approxPolyDP(outlines.get(i), simple, TOLERANCE, true);
        IntIndexer points = simple.createIndexer();
        for (int p = 0; p < simple.rows(); p++) {
          path.append(p == 0 ? "M" : " ").append(points.get(p, 0, 0));
          path.append(' ').append(points.get(p, 0, 1));
        }
        path.append('Z');
      }
    }
    return path.toString();
  }
}
