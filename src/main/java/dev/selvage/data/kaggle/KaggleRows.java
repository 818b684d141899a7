package dev.selvage.data.kaggle;

import dev.selvage.data.Category;
import dev.selvage.data.MappedFile;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.image.PhotoHeader;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.mask.KaggleRle;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Reads train.csv row by row and checks every row against the photos and the categories. */
public final class KaggleRows {
  private static final List<String> COLUMNS =
      List.of("ImageId", "EncodedPixels", "Height", "Width", "ClassId");

  /** Takes the rows in the file's order. */
  public interface Receiver {
    /** The photo of a row, good or bad; called before the other methods. */
    default void named(String photo) {}

    /** A row that can be used. */
    void row(KaggleRow row);

    /**
     * A row that cannot.
     *
     * @param line of the file, from 1
     */
    void bad(long line, String problem);

    /** A photo that rows name but that does not exist; called once per photo. */
    default void missing(String photo) {}
  }

  private final Path csv;
  private final Path photoDir;
  private final Map<Integer, Integer> classOfCategory = new HashMap<>();

  /** From the photos' files; empty for files that state no size. */
  private final Map<String, Optional<PhotoHeader>> headers = new HashMap<>();

  /** Of the photos that have a good row: a photo may be annotated as stored or as displayed. */
  private final Map<String, PhotoSize> sizes = new HashMap<>();

  private final Set<String> missing = new HashSet<>();
  private final Receiver receiver;
  private int[] columns;

  private KaggleRows(Path csv, Path photoDir, List<Category> categories, Receiver receiver) {
    this.csv = csv;
    this.photoDir = photoDir;
    this.receiver = receiver;
    for (int i = 0; i < categories.size(); i++) {
      classOfCategory.put(categories.get(i).id(), i + 1);
    }
  }

  /**
   * Reads a whole file.
   *
   * @return how many rows it has, the header left out
   * @throws UserError no such file, other columns, or no comma-separated rows
   */
  public static int read(Path csv, Path photoDir, List<Category> categories, Receiver receiver) {
    return new KaggleRows(csv, photoDir, categories, receiver).read();
  }

  private int read() {
    if (!Files.isRegularFile(csv)) {
      throw new UserError(
          "%s: expected a file with columns %s, found no such file"
              .formatted(csv, String.join(",", COLUMNS)));
    }
    try {
      return read(new CsvRecords(MappedFile.open(csv)));
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(csv, e), e);
    }
  }

  private int read(CsvRecords records) throws IOException {
    if (!records.next()) {
      throw new UserError(
          "%s: expected columns %s, found an empty file".formatted(csv, String.join(",", COLUMNS)));
    }
    header(records);
    int rows = 0;
    while (records.next()) {
      rows++;
      try {
        receiver.row(row(records));
      } catch (UserError e) {
        receiver.bad(records.line(), e.getMessage());
      }
    }
    return rows;
  }

  private void header(CsvRecords record) {
    columns = new int[COLUMNS.size()];
    List<String> found = IntStream.range(0, record.size()).mapToObj(record::text).toList();
    for (int i = 0; i < columns.length; i++) {
      columns[i] = found.indexOf(COLUMNS.get(i));
      if (columns[i] < 0) {
        throw new UserError(
            "%s line 1: expected columns %s, found %s"
                .formatted(csv, String.join(",", COLUMNS), String.join(",", found)));
      }
    }
  }

  private KaggleRow row(CsvRecords record) throws IOException {
    String name = field(record, 0);
    column(record, 1);
    ByteCharSequence pixels = record.raw(columns[1]);
    int height = number(record, 2);
    int width = number(record, 3);
    String classText = field(record, 4);
    if (name.isEmpty()
        || name.contains("/")
        || name.contains("\\")
        || name.chars().anyMatch(Character::isISOControl)) {
      throw new UserError("ImageId must be the name of a photo, found \"%s\"".formatted(name));
    }
    receiver.named(name);
    PhotoSize size = checkedSize(name, height, width);
    long line = record.line();
    if (pixels.isEmpty() && classText.isEmpty()) {
      sizes.put(name, size);
      return new KaggleRow(line, name, size, 0, "", Rle.empty(height, width), 0, 0);
    }
    int classId = classId(classText);
    Rle mask = KaggleRle.read(pixels, height, width);
    if (mask.area() == 0) {
      throw new UserError("EncodedPixels must contain at least one run, found none");
    }
    sizes.put(name, size);
    int attributes = classText.indexOf('_');
    return new KaggleRow(
        line,
        name,
        size,
        classId,
        attributes < 0 ? "" : classText.substring(attributes + 1),
        mask,
        record.offset(pixels),
        pixels.length());
  }

  private PhotoSize checkedSize(String name, int height, int width) throws IOException {
    Optional<PhotoHeader> header = header(name);
    PhotoSize found = new PhotoSize(height, width);
    PhotoSize earlier = sizes.get(name);
    if (earlier != null ? earlier.equals(found) : header.isEmpty() || header.get().fits(found)) {
      return found;
    }
    PhotoSize expected = earlier != null ? earlier : header.get().stored();
    throw new UserError(
        "Height and Width must be those of %s (%d and %d), found %d and %d"
            .formatted(name, expected.height(), expected.width(), height, width));
  }

  private Optional<PhotoHeader> header(String name) throws IOException {
    Optional<PhotoHeader> header = headers.get(name);
    if (header == null) {
      Optional<Path> file = PhotoFiles.named(photoDir, name);
      if (file.isEmpty()) {
        if (missing.add(name)) {
          receiver.missing(name);
        }
        throw new UserError(
            "ImageId must name a photo in %s, found no %s there".formatted(photoDir, name));
      }
      header = PhotoHeader.read(file.get());
      headers.put(name, header);
    }
    return header;
  }

  private String field(CsvRecords record, int column) {
    column(record, column);
    return record.text(columns[column]);
  }

  private void column(CsvRecords record, int column) {
    if (columns[column] >= record.size()) {
      throw new UserError(
          "expected a value for column %s, found only %d values"
              .formatted(COLUMNS.get(column), record.size()));
    }
  }

  private int number(CsvRecords record, int column) {
    String text = field(record, column);
    try {
      int value = Integer.parseInt(text);
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for every wrong value
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
      throw new UserError("ClassId must begin with a category id, found \"%s\"".formatted(text), e);
    }
    if (classId == null) {
      throw new UserError(
          "ClassId must be one of the %d category ids of label_descriptions.json, found %s"
              .formatted(classOfCategory.size(), category));
    }
    return classId;
  }
}
