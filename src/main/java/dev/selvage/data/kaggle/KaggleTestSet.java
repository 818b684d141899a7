package dev.selvage.data.kaggle;

import dev.selvage.data.Category;
import dev.selvage.data.image.PhotoFolder;
import dev.selvage.data.image.PhotoFolder.Found;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of Kaggle's layout that a submission is about: the photos in test/ that
 * sample_submission.csv lists.
 *
 * @param name of the dataset
 * @param folder of the photos
 * @param categories in class order
 * @param names of the photos as sample_submission.csv states them, in its order
 * @param photos the file of each
 * @param blanks for each photo EncodedPixels and ClassId of its row there, which stand for a photo
 *     without objects
 */
public record KaggleTestSet(
    String name,
    Path folder,
    List<Category> categories,
    List<String> names,
    List<Path> photos,
    List<String[]> blanks) {
  /** What a submission's rows hold. */
  public static final List<String> COLUMNS = List.of("ImageId", "EncodedPixels", "ClassId");

  /**
   * Reads and checks the folder.
   *
   * @throws UserError anything missing or malformed, with file and line
   */
  public static KaggleTestSet open(Path dir) {
    if (!Files.isDirectory(dir)) {
      throw new UserError(
          "--data: expected a folder with sample_submission.csv and test/, found no folder %s"
              .formatted(dir));
    }
    List<Category> categories = LabelDescriptions.read(dir.resolve("label_descriptions.json"));
    Path csv = dir.resolve("sample_submission.csv");
    Path folder = dir.resolve("test");
    Map<String, Row> rows = rows(csv, new PhotoFolder(folder));
    if (rows.isEmpty()) {
      throw new UserError("%s: expected at least one photo, found none".formatted(csv));
    }
    return new KaggleTestSet(
        dir.toAbsolutePath().normalize().getFileName().toString(),
        folder,
        categories,
        List.copyOf(rows.keySet()),
        rows.values().stream().map(Row::photo).toList(),
        rows.values().stream().map(Row::blank).toList());
  }

  private record Row(Path photo, String[] blank) {}

  private static Map<String, Row> rows(Path csv, PhotoFolder photos) {
    Map<String, Row> rows = new LinkedHashMap<>();
    CsvTable table = CsvTable.open(csv, COLUMNS);
    while (table.next()) {
      try {
        table.requireNoMore();
        String name = table.text(0);
        Found photo =
            photos
                .find(name)
                .orElseThrow(
                    () ->
                        new UserError(
                            "expected a photo in %s, %s"
                                .formatted(photos.path(), photos.missing(name))));
        rows.putIfAbsent(name, new Row(photo.file(), new String[] {table.text(1), table.text(2)}));
      } catch (UserError e) {
        throw new UserError("%s line %s: %s".formatted(csv, table.line(), e.getMessage()), e);
      }
    }
    return rows;
  }
}
