package dev.selvage.report.evaluation;

import dev.selvage.data.Detection;
import dev.selvage.data.Instance;
import java.util.List;
import java.util.Optional;
import org.bytedeco.opencv.opencv_core.Mat;

/** Photos with their masks, which are read again when the page needs them. */
public interface PhotoSource {
  /**
   * A photo to draw, RGB bytes, which the caller closes.
   *
   * @param photo its place among the photos that were evaluated
   * @param longest pixels that its longer side has at least, unless the photo itself is smaller
   * @return empty where there is none
   */
  Optional<Mat> photo(int photo, int longest);

  /** The true objects as they were judged, in the same order. */
  List<Instance> truths(int photo);

  /** The detections as they were judged, in the same order. */
  List<Detection> found(int photo);
}
