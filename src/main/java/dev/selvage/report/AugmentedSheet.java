package dev.selvage.report;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import dev.selvage.data.Box;
import dev.selvage.data.loader.Batch;
import dev.selvage.data.loader.GroundTruth;
import dev.selvage.mask.Rle;
import dev.selvage.report.CaptionLayout.Area;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Pictures as training sees them on one sheet: the pixels of batches, with boxes and masks as the
 * model gets them, mini masks stretched over their boxes.
 */
public final class AugmentedSheet {
  private static final int COLUMNS = 5;
  private static final int SIDE = 384;
  private static final int GAP = 8;
  private static final Colour GROUND = new Colour(28, 28, 30);

  private AugmentedSheet() {}

  /**
   * Writes the sheet as a PNG.
   *
   * @param batches of any size; each of their pictures has a cell
   * @throws dev.selvage.util.UserError the file cannot be written
   */
  public static void write(Path target, List<Batch> batches) {
    try (Mat sheet = draw(batches)) {
      PictureFile.writePng(target, sheet);
    }
  }

  /** The sheet as a JPEG. */
  public static Jpeg jpeg(List<Batch> batches) {
    try (Mat sheet = draw(batches)) {
      return PictureFile.jpeg(sheet);
    }
  }

  private static Mat draw(List<Batch> batches) {
    int pictures = batches.stream().mapToInt(Batch::size).sum();
    Pen pen = new Pen(2 * SIDE, 2 * SIDE);
    int rowHeight = SIDE + pen.captionHeight() + GAP;
    int columns = Math.max(1, Math.min(COLUMNS, pictures));
    int rows = Math.max(1, (pictures + COLUMNS - 1) / COLUMNS);
    Mat sheet =
        new Mat(rows * rowHeight + GAP, columns * (SIDE + GAP) + GAP, CV_8UC3, GROUND.scalar());
    int cell = 0;
    for (Batch batch : batches) {
      for (int i = 0; i < batch.size(); i++, cell++) {
        int left = GAP + cell % COLUMNS * (SIDE + GAP);
        draw(sheet, left, GAP + cell / COLUMNS * rowHeight, batch, i, pen);
      }
    }
    return sheet;
  }

  @SuppressWarnings("try") // the scope frees what is made inside it
  private static void draw(Mat sheet, int left, int top, Batch batch, int i, Pen pen) {
    try (PointerScope scope = new PointerScope()) {
      String name = CategoryNames.printable(batch.fileNames()[i]);
      Area below = new Area(left, top + SIDE, SIDE, pen.captionHeight());
      pen.caption(sheet, pen.fitting(name, SIDE), below, GROUND);
      long bytes = 3L * batch.height() * batch.width();
      Mat pixels =
          new Mat(batch.height(), batch.width(), CV_8UC3, batch.rgb().getPointer(i * bytes));
      Mat picture =
          new Overlay(batch.height(), batch.width(), SIDE, SIDE)
              .draw(pixels, marks(batch.truths()[i], batch.height(), batch.width()));
      int x = left + (SIDE - picture.cols()) / 2;
      int y = top + SIDE - picture.rows();
      picture.copyTo(new Mat(sheet, new Rect(x, y, picture.cols(), picture.rows())));
    }
  }

  private static List<LabeledMask> marks(GroundTruth truth, int height, int width) {
    List<LabeledMask> marks = new ArrayList<>();
    for (int g = 0; g < truth.size(); g++) {
      int[] box = new int[4];
      for (int k = 0; k < 4; k++) {
        box[k] = Math.round(truth.boxes()[4 * g + k]);
      }
      marks.add(
          new LabeledMask(
              truth.classIds()[g],
              "",
              new Box(box[1], box[0], box[3] - box[1], box[2] - box[0]),
              mask(truth, g, box, height, width)));
    }
    return marks;
  }

  private static Rle mask(GroundTruth truth, int g, int[] box, int height, int width) {
    int maskHeight = truth.maskHeight();
    int maskWidth = truth.maskWidth();
    int first = g * maskHeight * maskWidth;
    if (maskHeight == height && maskWidth == width) { // not a mini mask
      byte[] columns = new byte[height * width];
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          columns[x * height + y] = truth.masks()[first + y * width + x];
        }
      }
      return Rle.fromBitmask(columns, height, width);
    }
    int boxHeight = box[2] - box[0];
    int boxWidth = box[3] - box[1];
    byte[] region = new byte[boxHeight * boxWidth];
    for (int x = 0; x < boxWidth; x++) {
      int from = first + (int) ((x + 0.5) * maskWidth / boxWidth);
      for (int y = 0; y < boxHeight; y++) {
        int row = (int) ((y + 0.5) * maskHeight / boxHeight);
        region[x * boxHeight + y] = truth.masks()[from + row * maskWidth];
      }
    }
    return Rle.fromRegion(region, box[0], box[1], boxHeight, boxWidth, height, width);
  }
}
