package dev.selvage.data.image;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * How a photo has to be turned and mirrored for display (EXIF 2.32, tag 274).
 *
 * @param value 1 to 8
 */
public record ExifOrientation(int value) {
  static final ExifOrientation UPRIGHT = new ExifOrientation(1);

  /** Whether the photo is displayed as it is stored. */
  public boolean isUpright() {
    return value == 1;
  }

  /** The size of a photo after turning. */
  public PhotoSize of(PhotoSize stored) {
    return value < 5 ? stored : new PhotoSize(stored.width(), stored.height());
  }

  /** Turns and mirrors a picture in place. */
  void apply(Mat picture) {
    if (value >= 5) {
      opencv_core.transpose(picture, picture);
    }
    boolean columns = value == 2 || value == 3 || value == 6 || value == 7;
    boolean rows = value == 3 || value == 4 || value == 7 || value == 8;
    if (columns || rows) {
      // OpenCV: 0 turns the rows around, 1 the columns, -1 both
      opencv_core.flip(picture, picture, columns && rows ? -1 : columns ? 1 : 0);
    }
  }
}
