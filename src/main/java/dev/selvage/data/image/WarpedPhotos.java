package dev.selvage.data.image;

import static org.bytedeco.opencv.global.opencv_core.BORDER_REPLICATE;
import static org.bytedeco.opencv.global.opencv_core.CV_64FC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;

import dev.selvage.augment.ColourJitter;
import dev.selvage.geometry.Affine;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** The pixels of augmented images. Thread-safe. */
public final class WarpedPhotos {
  /** Photos that a map scales by less than this are first resized by area averaging. */
  private static final double LEAST_SCALE = 0.5;

  private final Photos photos;

  public WarpedPhotos(Photos photos) {
    this.photos = photos;
  }

  /**
   * A photo moved into an image by any map; pixels beyond the photo repeat its edge pixels.
   *
   * @param plan says how large photo and image are
   * @param map from pixels of the photo to pixels of the image
   * @return empty where the file cannot be decoded; this is reported once per file
   * @throws UserError the photo has another size than the plan was made for
   */
  public Optional<ResizedPhoto> warped(Path file, ResizePlan plan, Affine map) {
    BytePointer pixels = new BytePointer(3L * plan.height() * plan.width());
    try (Mat image = new Mat(plan.height(), plan.width(), CV_8UC3, pixels)) {
      if (warp(file, plan, map, image)) {
        return Optional.of(new ResizedPhoto(pixels, plan));
      }
      pixels.deallocate();
      return Optional.empty();
    } catch (RuntimeException e) {
      pixels.deallocate();
      throw e;
    }
  }

  /**
   * Pastes parts of another photo into an image.
   *
   * @param plan says how large the other photo is
   * @param map from its pixels to those of the image
   * @param stencil [height,width] flat, 1 where the other photo is to be seen
   * @return false where the file cannot be decoded; this is reported once per file
   * @throws UserError the photo has another size than the plan was made for
   */
  public boolean paste(Path file, ResizePlan plan, Affine map, byte[] stencil, ResizedPhoto image) {
    int height = image.plan().height();
    int width = image.plan().width();
    try (Mat below = new Mat(height, width, CV_8UC3, image.rgb());
        Mat above = new Mat(height, width, CV_8UC3);
        BytePointer bits = new BytePointer(stencil);
        Mat mask = new Mat(height, width, CV_8UC1, bits)) {
      boolean decoded = warp(file, plan, map, above);
      if (decoded) {
        above.copyTo(below, mask);
      }
      return decoded;
    }
  }

  /**
   * Changes the colours of an image in place and makes pixels without a photo black, as they are
   * around every photo that is smaller than its image.
   *
   * @param filled [height,width] flat, 0 where no photo is
   */
  public static void recolour(ResizedPhoto photo, ColourJitter colours, byte[] filled) {
    int height = photo.plan().height();
    int width = photo.plan().width();
    byte[] empty = new byte[filled.length];
    for (int i = 0; i < empty.length; i++) {
      empty[i] = (byte) (1 - filled[i]);
    }
    try (Mat image = new Mat(height, width, CV_8UC3, photo.rgb());
        BytePointer bits = new BytePointer(empty);
        Mat outside = new Mat(height, width, CV_8UC1, bits);
        Mat black = new Mat(1, 1, CV_8UC3, Scalar.BLACK)) {
      colours.apply(image);
      image.setTo(black, outside);
    }
  }

  private boolean warp(Path file, ResizePlan plan, Affine map, Mat out) {
    int reduction = 8;
    while (reduction > 1 && reduction * map.stretch() > 1) {
      reduction /= 2;
    }
    Mat decoded = photos.decode(file, plan, reduction);
    if (decoded == null) {
      return false;
    }
    try (decoded;
        Mat small = new Mat()) {
      Mat source = decoded;
      double rest = reduction * map.stretch();
      if (rest < LEAST_SCALE) {
        // the map would skip pixels
        int height = Math.max(1, (int) Math.round(decoded.rows() * rest));
        int width = Math.max(1, (int) Math.round(decoded.cols() * rest));
        try (Size size = new Size(width, height)) {
          opencv_imgproc.resize(decoded, small, size, 0, 0, INTER_AREA);
        }
        source = small;
      }
      Affine whole =
          Affine.scaling(
                  (double) plan.originalWidth() / source.cols(),
                  (double) plan.originalHeight() / source.rows())
              .then(map);
      // OpenCV counts from pixel centres
      Affine middles =
          Affine.translation(0.5, 0.5).then(whole).then(Affine.translation(-0.5, -0.5));
      try (DoublePointer numbers =
              new DoublePointer(
                  middles.xx(),
                  middles.xy(),
                  middles.x0(),
                  middles.yx(),
                  middles.yy(),
                  middles.y0());
          Mat matrix = new Mat(2, 3, CV_64FC1, numbers);
          Size size = new Size(out.cols(), out.rows())) {
        opencv_imgproc.warpAffine(
            source, out, matrix, size, INTER_LINEAR, BORDER_REPLICATE, Scalar.BLACK);
      }
      return true;
    }
  }
}
