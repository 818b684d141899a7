package dev.selvage.resize;

import dev.selvage.data.Category;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.kaggle.KaggleRow;
import dev.selvage.data.kaggle.KaggleRows;
import dev.selvage.mask.CroppedMask;
import dev.selvage.mask.KaggleRle;
import dev.selvage.mask.ResizedRasterizer;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Writes train.csv anew for smaller photos, row by row in the old order. */
final class RowResizer implements KaggleRows.Receiver {
  private static final Pattern SPECIAL = Pattern.compile("[\",\r\n]");

  private final List<Category> categories;
  private final Path photos;
  private final int side;
  private final Consumer<String> skipped;
  private final Writer out;
  private final Set<String> absent = new HashSet<>();
  private IOException failure;
  private int written;

  private RowResizer(
      List<Category> categories, Path photos, int side, Consumer<String> skipped, Writer out) {
    this.categories = categories;
    this.photos = photos;
    this.side = side;
    this.skipped = skipped;
    this.out = out;
  }

  /**
   * Writes the file, whole or not at all.
   *
   * @param source the dataset's folder
   * @param target the folder whose train/ has the smaller photos
   * @param skipped takes a line for each row that is left out, but one for a photo that is not
   *     there
   * @return rows written
   * @throws UserError it cannot be read or written, or no row of it can be used
   */
  static int write(
      Path source, Path target, List<Category> categories, int side, Consumer<String> skipped) {
    Path csv = source.resolve("train.csv");
    int[] rows = new int[1];
    AtomicFile.write(
        target.resolve("train.csv"),
        channel -> {
          // closing the writer would close the channel, which has still to be forced to the disk
          Writer out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.UTF_8));
          out.write("ImageId,EncodedPixels,Height,Width,ClassId\n");
          RowResizer shrinker =
              new RowResizer(categories, target.resolve("train"), side, skipped, out);
          KaggleRows.read(csv, source.resolve("train"), categories, shrinker);
          if (shrinker.failure != null) {
            throw shrinker.failure;
          }
          if (shrinker.written == 0) {
            throw new UserError("%s: expected at least one valid row, found none".formatted(csv));
          }
          out.flush();
          rows[0] = shrinker.written;
        });
    return rows[0];
  }

  @Override
  public void row(KaggleRow row) {
    if (!Files.isRegularFile(photos.resolve(row.photo()))) {
      if (absent.add(row.photo())) {
        skipped.accept("train.csv: the rows of train/%s, which was skipped".formatted(row.photo()));
      }
      return;
    }
    PhotoSize small = PhotoResizer.fit(row.size(), side);
    if (row.classId() == 0) {
      write(row.photo(), "", small, "");
      return;
    }
    CroppedMask region =
        new ResizedRasterizer(
                row.size().height(),
                row.size().width(),
                small.height(),
                small.width(),
                0,
                0,
                small.height(),
                small.width())
            .draw(row.mask());
    if (region == null) {
      skipped.accept(
          "train.csv line %s: a mask of %s pixels, which is empty after resizing"
              .formatted(row.line(), row.mask().area()));
      return;
    }
    String classId = Integer.toString(categories.get(row.classId() - 1).id());
    write(
        row.photo(),
        KaggleRle.write(region.toRle(small.height(), small.width())),
        small,
        row.attributes().isEmpty() ? classId : classId + "_" + row.attributes());
  }

  @Override
  public void bad(long line, String problem) {
    skipped.accept("train.csv line %s: %s".formatted(line, problem));
  }

  private void write(String photo, String pixels, PhotoSize size, String classId) {
    try {
      if (failure == null) {
        out.write(
            "%s,%s,%s,%s,%s\n"
                .formatted(quoted(photo), pixels, size.height(), size.width(), quoted(classId)));
        written++;
      }
    } catch (IOException e) {
      failure = e; // the reader would take it for its own
    }
  }

  /** A value with commas, quotes or ends of lines in it is quoted, as the reader expects. */
  private static String quoted(String value) {
    return SPECIAL.matcher(value).find() ? "\"" + value.replace("\"", "\"\"") + "\"" : value;
  }
}
