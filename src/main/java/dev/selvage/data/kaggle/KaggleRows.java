package dev.selvage.data.kaggle;

import dev.selvage.data.Category;
import dev.selvage.data.image.PhotoFolder;
import dev.selvage.data.image.PhotoFolder.Found;
import dev.selvage.data.image.PhotoHeader;
import dev.selvage.data.image.PhotoNames;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.mask.KaggleRle;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads train.csv row by row and checks every row against the photos and the categories. */
public final class KaggleRows {
  private static final List<String> COLUMNS =
      List.of("ImageId", "EncodedPixels", "Height", "Width", "ClassId");

  /** Takes the rows in the file's order. */
  public interface Receiver {
    /** The photo of a row, good or bad; called before the other methods. */
    default void named(String photo) {}

    /** A row that can be used. */
    default void row(KaggleRow row) {}

    /**
     * A row that cannot.
     *
     * @param line of the file, from 1
     */
    void bad(long line, String problem);

    /** A photo that rows have named before, under another ImageId; called once per ImageId. */
    default void renamed(String imageId, String photo) {}

    /** A photo that rows name but that does not exist; called once per photo. */
    default void missing(String photo) {}
  }

  private final Path csv;
  private final PhotoFolder photos;
  private final Map<Integer, Integer> classOfCategory = new HashMap<>();

  /** The photo of each ImageId; empty where there is none. */
  private final Map<String, Optional<Photo>> found = new HashMap<>();

  private final Map<String, Photo> byName = new HashMap<>();

  /** A photo of which there is a row. */
  private static final class Photo {
    private final String name;

    /** Empty for a file that states no size. */
    private final Optional<PhotoHeader> header;

    /**
     * Of its first good row, since a photo may be annotated as stored or as displayed; else null.
     */
    private PhotoSize size;

    Photo(Found file) {
      name = file.name();
      try {
        header = PhotoHeader.read(file.file());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Set<String> missing = new HashSet<>();
  private final Receiver receiver;

  private KaggleRows(Path csv, Path photoDir, List<Category> categories, Receiver receiver) {
    this.csv = csv;
    photos = new PhotoFolder(photoDir);
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
    CsvTable table = CsvTable.open(csv, COLUMNS);
    int rows = 0;
    try {
      while (table.next()) {
        rows++;
        try {
          receiver.row(row(table));
        } catch (UserError e) {
          receiver.bad(table.line(), e.getMessage());
        }
      }
    } catch (UncheckedIOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(csv, e), e);
    }
    return rows;
  }

  private KaggleRow row(CsvTable table) {
    table.requireNoMore();
    String name = table.text(0);
    ByteCharSequence pixels = table.raw(1);
    int height = number(table, 2);
    int width = number(table, 3);
    String classText = table.text(4);
    long line = table.line();
    Photo photo = photo(name);
    PhotoSize size = checkedSize(photo, height, width);
    if (pixels.isEmpty() && classText.isEmpty()) {
      photo.size = size;
      return new KaggleRow(line, photo.name, size, 0, "", Rle.empty(height, width), 0, 0);
    }
    int classId = classId(classText);
    Rle mask = KaggleRle.read(pixels, height, width);
    if (mask.area() == 0) {
      throw new UserError("EncodedPixels must contain at least one run, found none");
    }
    photo.size = size;
    int attributes = classText.indexOf('_');
    return new KaggleRow(
        line,
        photo.name,
        size,
        classId,
        attributes < 0 ? "" : classText.substring(attributes + 1),
        mask,
        table.offset(pixels),
        pixels.length());
  }

  /** The photo of an ImageId. Several of these may name one: {@code a.jpg}, {@code ./a.jpg}. */
  private Photo photo(String imageId) {
    Optional<Photo> photo = found.computeIfAbsent(imageId, this::newPhoto);
    receiver.named(photo.map(p -> p.name).orElse(imageId));
    if (photo.isEmpty()) {
      String name = PhotoNames.normalise(imageId);
      if (name.isEmpty() || name.contains("/") || name.chars().anyMatch(Character::isISOControl)) {
        throw new UserError(
            "ImageId must be the name of a photo, without folders, found \"%s\""
                .formatted(imageId));
      }
      if (missing.add(imageId)) {
        receiver.missing(imageId);
      }
      throw new UserError(
          "ImageId must name a photo in %s, %s".formatted(photos.path(), photos.missing(imageId)));
    }
    return photo.get();
  }

  private Optional<Photo> newPhoto(String imageId) {
    Optional<Found> file = photos.find(imageId).filter(f -> !f.name().contains("/"));
    if (file.isPresent() && byName.containsKey(file.get().name())) {
      receiver.renamed(imageId, file.get().name());
    }
    return file.map(f -> byName.computeIfAbsent(f.name(), name -> new Photo(f)));
  }

  private static PhotoSize checkedSize(Photo photo, int height, int width) {
    PhotoSize found = new PhotoSize(height, width);
    boolean fits =
        photo.size != null
            ? photo.size.equals(found)
            : photo.header.isEmpty() || photo.header.get().fits(found);
    if (fits) {
      return found;
    }
    PhotoSize expected = photo.size != null ? photo.size : photo.header.get().stored();
    throw new UserError(
        "Height and Width must be those of %s (%s and %s), found %s and %s"
            .formatted(photo.name, expected.height(), expected.width(), height, width));
  }

  private static int number(CsvTable table, int column) {
    String text = table.text(column);
    try {
      int value = Integer.parseInt(withoutFraction(text));
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the one message for every wrong value
    }
    throw new UserError(
        "%s must be a positive whole number, found \"%s\"".formatted(COLUMNS.get(column), text));
  }

  /** {@code 120} for {@code 120.0}, as programs write it that keep numbers in floating point. */
  private static String withoutFraction(String number) {
    return number.indexOf('.') < 0 ? number : number.replaceFirst("(?<=\\d)\\.0+$", "");
  }

  /** The class of a ClassId: {@code 6}, or {@code 6_0_12} with attributes, which are not used. */
  private int classId(String text) {
    int end = text.indexOf('_');
    String category = end < 0 ? withoutFraction(text) : text.substring(0, end);
    Integer classId;
    try {
      classId = classOfCategory.get(Integer.parseInt(category));
    } catch (NumberFormatException e) {
      throw new UserError("ClassId must begin with a category id, found \"%s\"".formatted(text), e);
    }
    if (classId == null) {
      throw new UserError(
          "ClassId must be one of the %s category ids of label_descriptions.json, found %s"
              .formatted(classOfCategory.size(), category));
    }
    return classId;
  }
}
