package dev.selvage.report;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import dev.selvage.data.Box;
import dev.selvage.data.Instance;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.Photos;
import dev.selvage.report.CaptionLayout.Area;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/** Many photos small on one sheet, with their masks and boxes and their file names below. */
public final class ContactSheet {
  private static final int COLUMNS = 6;
  private static final int SIDE = 300;
  private static final int GAP = 8;
  private static final Colour GROUND = new Colour(28, 28, 30);

  /** A photo and its objects. */
  public record Cell(Path file, PhotoSize size, List<Instance> instances) {}

  private ContactSheet() {}

  /** Writes the sheet as a JPEG; photos that cannot be decoded leave their cells empty. */
  public static void write(Path target, List<Cell> cells, Photos photos) {
    Pen pen = new Pen(2 * SIDE, 2 * SIDE);
    int rowHeight = SIDE + pen.captionHeight() + GAP;
    int columns = Math.max(1, Math.min(COLUMNS, cells.size()));
    int rows = Math.max(1, (cells.size() + COLUMNS - 1) / COLUMNS);
    try (Mat sheet =
        new Mat(rows * rowHeight + GAP, columns * (SIDE + GAP) + GAP, CV_8UC3, GROUND.scalar())) {
      for (int i = 0; i < cells.size(); i++) {
        int left = GAP + i % COLUMNS * (SIDE + GAP);
        int top = GAP + i / COLUMNS * rowHeight;
        draw(sheet, left, top, cells.get(i), photos, pen);
      }
      PictureFile.write(target, sheet);
    }
  }

  @SuppressWarnings("try") // the scope frees what is made inside it
  private static void draw(Mat sheet, int left, int top, Cell cell, Photos photos, Pen pen) {
    try (PointerScope scope = new PointerScope()) {
      String name = CategoryNames.printable(cell.file().getFileName().toString());
      Area below = new Area(left, top + SIDE, SIDE, pen.captionHeight());
      pen.caption(sheet, pen.fitting(name, SIDE), below, GROUND);
      photos
          .atLeast(cell.file(), cell.size(), SIDE)
          .ifPresent(
              photo -> {
                List<LabeledMask> marks =
                    cell.instances().stream().map(ContactSheet::mark).toList();
                Mat picture =
                    new Overlay(cell.size().height(), cell.size().width(), SIDE, SIDE)
                        .draw(photo, marks);
                int x = left + (SIDE - picture.cols()) / 2;
                int y = top + SIDE - picture.rows();
                picture.copyTo(new Mat(sheet, new Rect(x, y, picture.cols(), picture.rows())));
                photo.close();
              });
    }
  }

  private static LabeledMask mark(Instance instance) {
    return new LabeledMask(instance.classId(), "", Box.of(instance.mask()), instance.mask());
  }
}
