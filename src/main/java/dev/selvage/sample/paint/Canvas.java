package dev.selvage.sample.paint;

import static org.bytedeco.opencv.global.opencv_core.CV_16UC3;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** A photo being painted: its colours, and the topmost layer of each pixel. */
public final class Canvas {
  private static final int JPEG_QUALITY = 93;

  /** Steps from black to white while blurring. */
  private static final int FINE = 4080;

  /** Coverage from which on a pixel belongs to the shape. */
  private static final int HALF = 128;

  public final int width;
  public final int height;

  private final float[] rgb;
  private final int[] top;

  public Canvas(int width, int height) {
    this.width = width;
    this.height = height;
    rgb = new float[3 * width * height];
    top = new int[width * height];
  }

  /** The colours so far, a copy: [height, width, 3] flat, red first, 0..1. */
  public float[] rgb() {
    return rgb.clone();
  }

  /** The topmost layer of each pixel, a copy: [height, width] flat. */
  public int[] top() {
    return top.clone();
  }

  /** Colour and opacity of one pixel; writes red, green, blue and opacity 0..1 into out. */
  public interface Ink {
    void at(int x, int y, double[] out);
  }

  /** Lays ink through a stencil; pixels at least half covered get the layer. */
  public void paint(Stencil stencil, Ink ink, int layer) {
    lay(stencil, ink, layer, -1, 0);
  }

  /** Lays ink without changing layers, on pixels of layers from first to last only. */
  void tint(Stencil stencil, Ink ink, int first, int last) {
    lay(stencil, ink, -1, first, last);
  }

  private void lay(Stencil stencil, Ink ink, int layer, int first, int last) {
    double[] out = new double[4];
    int x1 = Math.max(0, stencil.left());
    int x2 = Math.min(width, stencil.left() + stencil.width());
    int y2 = Math.min(height, stencil.top() + stencil.height());
    for (int y = Math.max(0, stencil.top()); y < y2; y++) {
      int row = (y - stencil.top()) * stencil.width() - stencil.left();
      for (int x = x1; x < x2; x++) {
        int coverage = stencil.coverage()[row + x] & 255;
        int at = y * width + x;
        if (coverage == 0 || layer < 0 && (top[at] < first || top[at] > last)) {
          continue;
        }
        ink.at(x, y, out);
        double opacity = out[3] * coverage / 255;
        for (int c = 0; c < 3; c++) {
          rgb[3 * at + c] += (float) ((out[c] - rgb[3 * at + c]) * opacity);
        }
        if (layer >= 0 && coverage >= HALF) {
          top[at] = layer;
        }
      }
    }
  }

  /**
   * Blurs all colours, twice by a square of the given radius in pixels; the layers stay. In whole
   * numbers, whose sums are the same in any order, so that every processor makes the same bytes.
   */
  public void blur(int radius) {
    short[] values = new short[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      values[i] = (short) Math.round(FINE * Math.min(1, Math.max(0, rgb[i])));
    }
    try (ShortPointer data = new ShortPointer(values);
        Mat picture = new Mat(height, width, CV_16UC3, data);
        Mat once = new Mat(height, width, CV_16UC3);
        Size square = new Size(2 * radius + 1, 2 * radius + 1)) {
      opencv_imgproc.blur(picture, once, square);
      opencv_imgproc.blur(once, picture, square);
      data.get(values);
    }
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = values[i] / (float) FINE;
    }
  }

  public byte[] jpeg() {
    byte[] bgr = new byte[3 * width * height];
    for (int i = 0; i < bgr.length; i++) {
      int c = i % 3;
      bgr[i] = (byte) Math.round(255 * Math.min(1, Math.max(0, rgb[i - c + 2 - c])));
    }
    try (BytePointer data = new BytePointer(bgr);
        Mat picture = new Mat(height, width, CV_8UC3, data);
        BytePointer file = new BytePointer();
        BytePointer extension = new BytePointer(".jpg");
        IntPointer quality =
            new IntPointer(new int[] {opencv_imgcodecs.IMWRITE_JPEG_QUALITY, JPEG_QUALITY})) {
      if (!opencv_imgcodecs.imencode(extension, picture, file, quality)) {
        throw new IllegalStateException("OpenCV could not encode a JPEG");
      }
      byte[] bytes = new byte[(int) file.limit()];
      file.get(bytes);
      return bytes;
    }
  }
}
