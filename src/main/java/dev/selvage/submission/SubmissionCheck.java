package dev.selvage.submission;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.selvage.mask.KaggleRle;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * Reads a submission and makes sure that Kaggle can take it: the columns of its layout, the photos
 * in their order and each in one place, known categories, runs inside the photo, no pixel twice.
 */
final class SubmissionCheck {
  /**
   * What was written for a photo.
   *
   * @param height pixels of its masks; 0 for a photo that cannot be used
   * @param objects rows of it; 0 for the row of a photo without objects
   * @param blank EncodedPixels and ClassId of such a row
   */
  record Photo(String name, int height, int width, int objects, List<String> blank) {}

  private final Path file;
  private final Layout layout;
  private final Set<String> classIds;

  SubmissionCheck(Path file, Layout layout, Set<String> classIds) {
    this.file = file;
    this.layout = layout;
    this.classIds = classIds;
  }

  /**
   * Reads the file.
   *
   * @throws UserError it cannot be read, or is not what was written
   */
  void check(List<Photo> photos) {
    try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file)) {
      Iterator<CsvRecord> rows = reader.iterator();
      require(rows.hasNext() && rows.next().getFields().equals(layout.columns()), 1, "its columns");
      for (Photo photo : photos) {
        check(photo, rows);
      }
      require(!rows.hasNext(), 0, "no row after the last photo");
    } catch (CsvParseException | IOException | UncheckedIOException e) {
      throw new UserError("%s: cannot be read back (%s)".formatted(file, e.getMessage()), e);
    }
  }

  private void check(Photo photo, Iterator<CsvRecord> rows) {
    List<Rle> masks = new ArrayList<>();
    for (int i = 0; i < Math.max(1, photo.objects); i++) {
      require(rows.hasNext(), 0, "rows of every photo");
      CsvRecord row = rows.next();
      long line = row.getStartingLineNumber();
      List<String> fields = row.getFields();
      require(fields.size() == layout.columns().size(), line, "a value for each column");
      require(fields.get(0).equals(photo.name), line, "a row of " + photo.name);
      require(
          fields.equals(layout.row(fields.get(0), fields.get(1), fields.get(2))),
          line,
          "no attributes");
      if (photo.objects == 0) {
        require(fields.subList(1, 3).equals(photo.blank), line, "a row without an object");
      } else {
        require(classIds.contains(fields.get(2)), line, "a known category");
        masks.add(mask(photo, fields.get(1), line));
      }
    }
    long pixels = masks.stream().mapToLong(Rle::area).sum();
    require(
        pixels == Rle.union(masks, photo.height, photo.width).area(),
        0,
        "no pixel of %s in two objects".formatted(photo.name));
  }

  private Rle mask(Photo photo, String runs, long line) {
    try {
      Rle mask = KaggleRle.read(runs, photo.height, photo.width);
      require(mask.area() > 0 && KaggleRle.write(mask).equals(runs), line, "runs in their order");
      return mask;
    } catch (UserError e) {
      throw new UserError("%s line %d: %s".formatted(file, line, e.getMessage()), e);
    }
  }

  private void require(boolean holds, long line, String expected) {
    if (!holds) {
      throw new UserError(
          "%s%s: expected %s when it was read back, found something else; the disk may be faulty"
              .formatted(file, line == 0 ? "" : " line " + line, expected));
    }
  }
}
