package dev.selvage.report;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgproc.CHAIN_APPROX_NONE;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_CUBIC;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;
import static org.bytedeco.opencv.global.opencv_imgproc.RETR_CCOMP;
import static org.bytedeco.opencv.global.opencv_imgproc.THRESH_BINARY;

import dev.selvage.data.Box;
import dev.selvage.mask.CroppedMask;
import dev.selvage.mask.ResizedRasterizer;
import dev.selvage.report.CaptionLayout.Area;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Draws objects into a photo: coloured masks with outlines, large ones first so that small ones
 * stay visible, dashed boxes, captions. Photos are scaled first, small ones enlarged, so that
 * captions can be read.
 */
final class Overlay {
  /** How much of a mask's colour shows; the rest is photo. */
  private static final double STRENGTH = 0.45;

  /** An enlarged mask ends where it falls below half. */
  private static final int HALF = 127;

  private final int height;
  private final int width;
  private final double scale;
  private final ResizedRasterizer grid;
  private final Pen pen;

  /**
   * For photos of one size.
   *
   * @param photoHeight pixels of the original photo, which boxes and masks count
   * @param least the picture's longest side is at least this many pixels
   * @param most and at most this many
   */
  Overlay(int photoHeight, int photoWidth, int least, int most) {
    int longest = Math.max(photoHeight, photoWidth);
    scale = (double) Math.max(least, Math.min(longest, most)) / longest;
    height = Math.max(1, (int) Math.round(photoHeight * scale));
    width = Math.max(1, (int) Math.round(photoWidth * scale));
    int gridHeight = Math.min(photoHeight, height);
    int gridWidth = Math.min(photoWidth, width);
    grid =
        new ResizedRasterizer(
            photoHeight, photoWidth, gridHeight, gridWidth, 0, 0, gridHeight, gridWidth);
    pen = new Pen(height, width);
  }

  /**
   * The photo with objects drawn in.
   *
   * @param photo RGB bytes of any size; left as it is
   * @param marks those with the more important captions first; an empty caption is left out
   * @return RGB bytes, the caller's to close
   */
  @SuppressWarnings(
      "try") // the scope frees what is made inside it, unnamed points and colours included
  Mat draw(Mat photo, List<LabeledMask> marks) {
    Mat picture = new Mat();
    try (PointerScope scope = new PointerScope()) {
      boolean enlarge = photo.cols() < width;
      opencv_imgproc.resize(
          photo, picture, new Size(width, height), 0, 0, enlarge ? INTER_CUBIC : INTER_AREA);
      List<LabeledMask> largeFirst = new ArrayList<>(marks);
      largeFirst.sort(Comparator.comparingInt((LabeledMask m) -> m.mask().area()).reversed());
      largeFirst.forEach(mark -> mask(picture, mark));
      largeFirst.forEach(mark -> pen.dashed(picture, area(mark), Palette.of(mark.classId())));
      captions(picture, marks.stream().filter(mark -> !mark.caption().isEmpty()).toList());
    }
    return picture;
  }

  @SuppressWarnings("try") // the scope frees what is made inside it, unnamed matrices included
  private void mask(Mat picture, LabeledMask mark) {
    try (PointerScope scope = new PointerScope()) {
      CroppedMask region = grid.draw(mark.mask());
      if (region == null) {
        return; // smaller than a pixel of the picture
      }
      Mat bits =
          new Mat(region.height(), region.width(), CV_8UC1, new BytePointer(region.pixels()));
      Rect place = new Rect(region.left(), region.top(), region.width(), region.height());
      if (scale > 1) {
        place = enlarged(region);
        Mat fine = new Mat();
        bits.convertTo(bits, -1, 255, 0);
        opencv_imgproc.resize(bits, fine, place.size(), 0, 0, INTER_LINEAR);
        opencv_imgproc.threshold(fine, bits, HALF, 1, THRESH_BINARY);
      }
      Colour colour = Palette.of(mark.classId());
      Mat part = new Mat(picture, place);
      Mat tint = new Mat(part.size(), part.type(), colour.scalar());
      Mat blend = new Mat();
      opencv_core.addWeighted(part, 1 - STRENGTH, tint, STRENGTH, 0, blend);
      blend.copyTo(part, bits);
      MatVector outlines = new MatVector();
      Point origin = new Point(place.x(), place.y());
      opencv_imgproc.findContours(bits, outlines, new Mat(), RETR_CCOMP, CHAIN_APPROX_NONE, origin);
      opencv_imgproc.drawContours(
          picture,
          outlines,
          -1,
          colour.scalar(),
          pen.lineWidth(),
          LINE_AA,
          new Mat(),
          Integer.MAX_VALUE,
          new Point(0, 0));
    }
  }

  /** Where a region of the photo lies in the enlarged picture. */
  private Rect enlarged(CroppedMask region) {
    int left = (int) Math.round(region.left() * scale);
    int top = (int) Math.round(region.top() * scale);
    int right = (int) Math.round((region.left() + region.width()) * scale);
    int bottom = (int) Math.round((region.top() + region.height()) * scale);
    return new Rect(left, top, Math.min(right, width) - left, Math.min(bottom, height) - top);
  }

  private void captions(Mat picture, List<LabeledMask> marks) {
    List<Area> boxes = marks.stream().map(this::area).toList();
    CaptionLayout layout = new CaptionLayout(width, height, pen.lineWidth(), boxes);
    List<Area> areas = new ArrayList<>();
    for (int i = 0; i < boxes.size(); i++) {
      String caption = marks.get(i).caption();
      areas.add(layout.place(boxes.get(i), pen.captionWidth(caption), pen.captionHeight()));
    }
    for (int i = 0; i < areas.size(); i++) {
      leader(picture, areas.get(i), boxes.get(i), Palette.of(marks.get(i).classId()));
    }
    for (int i = areas.size() - 1; i >= 0; i--) {
      pen.caption(
          picture, marks.get(i).caption(), areas.get(i), Palette.of(marks.get(i).classId()));
    }
  }

  /** A line from a caption that lies away from its box to the box. */
  private void leader(Mat picture, Area caption, Area box, Colour colour) {
    if (CaptionLayout.distance(caption, box) > 2 * pen.lineWidth()) {
      int x = caption.x() + caption.width() / 2;
      int y = caption.y() + caption.height() / 2;
      int nearX = Math.max(box.x(), Math.min(x, box.right()));
      int nearY = Math.max(box.y(), Math.min(y, box.bottom()));
      pen.line(picture, x, y, nearX, nearY, colour);
    }
  }

  private Area area(LabeledMask mark) {
    Box box = mark.box();
    int left = clamp(box.x(), width);
    int top = clamp(box.y(), height);
    return new Area(
        left,
        top,
        clamp(box.x() + box.width(), width) - left,
        clamp(box.y() + box.height(), height) - top);
  }

  private int clamp(double photoPixels, int limit) {
    return (int) Math.max(0, Math.min(Math.round(photoPixels * scale), limit - 1L));
  }
}
