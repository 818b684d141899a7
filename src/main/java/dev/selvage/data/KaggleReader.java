package dev.selvage.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.selvage.UserError;
import dev.selvage.geometry.KagglePairs;
import dev.selvage.geometry.Rle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads train.csv row by row and checks every row against the photos and the categories. */
final class KaggleReader {
  private static final List<String> COLUMNS =
      List.of("ImageId", "EncodedPixels", "Height", "Width", "ClassId");

  /** What the rows of one photo say; masks are kept as packed run lengths. */
  static final class Photo {
    final PhotoSize size;
    final List<byte[]> masks = new ArrayList<>();
    final List<Integer> classIds = new ArrayList<>();

    Photo(PhotoSize size) {
      this.size = size;
    }
  }

  private final Path csv;
  private final Path photoDir;
  private final Map<Integer, Integer> classOfCategory = new HashMap<>();
  private final TreeMap<String, Photo> photos = new TreeMap<>();

  /** Sizes from the photos' headers; empty for files whose header states none. */
  private final Map<String, Optional<PhotoSize>> sizes = new HashMap<>();

  private int[] columns;

  KaggleReader(Path csv, Path photoDir, List<Category> categories) {
    this.csv = csv;
    this.photoDir = photoDir;
    for (int i = 0; i < categories.size(); i++) {
      classOfCategory.put(categories.get(i).id(), i + 1);
    }
  }

  /** The photos in file-name order. */
  TreeMap<String, Photo> photos() {
    return photos;
  }

  /**
   * Reads the whole file.
   *
   * @return lines about rows that were skipped
   * @throws UserError naming file and line, see {@link BadRows#judge}
   */
  List<String> read() {
    if (!Files.isRegularFile(csv)) {
      throw new UserError(
          "%s: expected a file with columns %s, found no such file"
              .formatted(csv, String.join(",", COLUMNS)));
    }
    BadRows bad = new BadRows(csv);
    int rows = 0;
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder().allowExtraFields(true).allowMissingFields(true).ofCsvRecord(csv)) {
      Iterator<CsvRecord> records = reader.iterator();
      if (!records.hasNext()) {
        throw new UserError(
            "%s: expected columns %s, found an empty file"
                .formatted(csv, String.join(",", COLUMNS)));
      }
      header(records.next());
      while (records.hasNext()) {
        CsvRecord record = records.next();
        rows++;
        try {
          row(record);
        } catch (UserError e) {
          bad.add(record.getStartingLineNumber(), e.getMessage());
        }
      }
    } catch (CsvParseException e) {
      throw new UserError(
          "%s: expected comma-separated rows, found: %s".formatted(csv, e.getMessage()), e);
    } catch (IOException | UncheckedIOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(csv, e.getMessage()), e);
    }
    return bad.judge(rows);
  }

  private void header(CsvRecord record) {
    columns = new int[COLUMNS.size()];
    List<String> found = new ArrayList<>(record.getFields());
    found.set(0, found.get(0).replace("\uFEFF", "")); // the byte order mark that spreadsheets write
    for (int i = 0; i < columns.length; i++) {
      columns[i] = found.indexOf(COLUMNS.get(i));
      if (columns[i] < 0) {
        throw new UserError(
            "%s line 1: expected columns %s, found %s"
                .formatted(csv, String.join(",", COLUMNS), String.join(",", found)));
      }
    }
  }

  private void row(CsvRecord record) throws IOException {
    String name = field(record, 0);
    String pixels = field(record, 1);
    int height = number(record, 2);
    int width = number(record, 3);
    String classText = field(record, 4);
    if (name.isEmpty() || name.contains("/") || name.contains("\\")) {
      throw new UserError("ImageId must be the name of a photo, found \"%s\"".formatted(name));
    }
    PhotoSize size = checkedSize(name, height, width);
    if (pixels.isBlank() && classText.isBlank()) {
      photos.computeIfAbsent(name, n -> new Photo(size)); // a photo that shows nothing
      return;
    }
    int classId = classId(classText);
    Rle mask = KagglePairs.read(pixels, height, width);
    if (mask.area() == 0) {
      throw new UserError("EncodedPixels must hold at least one run, found none");
    }
    Photo photo = photos.computeIfAbsent(name, n -> new Photo(size));
    photo.masks.add(PackedRuns.pack(mask.counts()));
    photo.classIds.add(classId);
  }

  private PhotoSize checkedSize(String name, int height, int width) throws IOException {
    Optional<PhotoSize> stored = sizes.get(name);
    if (stored == null) {
      Path file = photoDir.resolve(name);
      if (!Files.isRegularFile(file)) {
        throw new UserError(
            "ImageId must name a photo of %s, found %s, which is not there"
                .formatted(photoDir, name));
      }
      stored = PhotoSize.read(file);
      sizes.put(name, stored);
    }
    Photo before = photos.get(name);
    PhotoSize expected = stored.orElse(before == null ? null : before.size);
    if (expected == null) {
      return new PhotoSize(height, width);
    }
    if (expected.height() != height || expected.width() != width) {
      throw new UserError(
          "Height and Width must be those of %s, %d and %d, found %d and %d"
              .formatted(name, expected.height(), expected.width(), height, width));
    }
    return expected;
  }

  private String field(CsvRecord record, int column) {
    if (columns[column] >= record.getFieldCount()) {
      throw new UserError(
          "expected a value for column %s, found only %d values"
              .formatted(COLUMNS.get(column), record.getFieldCount()));
    }
    return record.getField(columns[column]).trim();
  }

  private int number(CsvRecord record, int column) {
    String text = field(record, column);
    try {
      int value = Integer.parseInt(text);
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for everything that is no such number
    }
    throw new UserError(
        "%s must be a positive whole number, found \"%s\"".formatted(COLUMNS.get(column), text));
  }

  /** The class of a ClassId: {@code 6}, or {@code 6_0_12} with attributes, which are not used. */
  private int classId(String text) {
    int end = text.indexOf('_');
    String category = end < 0 ? text : text.substring(0, end);
    Integer classId;
    try {
      classId = classOfCategory.get(Integer.parseInt(category));
    } catch (NumberFormatException e) {
      throw new UserError("ClassId must be a category's number, found \"%s\"".formatted(text), e);
    }
    if (classId == null) {
      throw new UserError(
          "ClassId must be one of the %d category ids of label_descriptions.json, found %s"
              .formatted(classOfCategory.size(), category));
    }
    return classId;
  }
}
