package dev.selvage.inspect;

import dev.selvage.data.Category;
import dev.selvage.data.Instance;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.kaggle.KaggleRow;
import dev.selvage.data.kaggle.KaggleRows;
import dev.selvage.data.kaggle.LabelDescriptions;
import dev.selvage.inspect.Finding.Severity;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** A folder in Kaggle's layout. */
record KaggleSource(
    Path dir, List<Category> categories, SortedMap<Integer, String> attributes, List<Path> photos)
    implements AnnotationSource {
  /** Throws {@link UserError} where there is no such folder, no list of categories or no photo. */
  static KaggleSource open(Path dir) {
    if (!Files.isDirectory(dir)) {
      throw new UserError(
          "--data: expected a folder with train.csv and train/, found no folder %s".formatted(dir));
    }
    Path labels = dir.resolve("label_descriptions.json");
    return new KaggleSource(
        dir,
        LabelDescriptions.read(labels),
        LabelDescriptions.attributes(labels),
        PhotoFiles.list(dir.resolve("train"), "--data"));
  }

  @Override
  public String name() {
    return dir.toAbsolutePath().normalize().getFileName().toString();
  }

  @Override
  public String name(Path photo) {
    return photo.getFileName().toString();
  }

  @Override
  public String unlabelled() {
    return "photos in train/ without a valid row";
  }

  @Override
  public int read(ObjectStatistics statistics, Findings findings) {
    KaggleRows.Receiver receiver =
        new KaggleRows.Receiver() {
          @Override
          public void row(KaggleRow row) {
            if (row.classId() == 0) {
              statistics.photo(row.photo(), row.size());
            } else {
              statistics.object(
                  row.photo(),
                  row.size(),
                  new Instance(row.classId(), row.mask(), false),
                  row.attributes(),
                  "line " + row.line());
            }
          }

          @Override
          public void bad(long line, String problem) {
            findings.add(Severity.ERROR, "invalid rows", "line %d: %s".formatted(line, problem));
          }

          @Override
          public void missing(String photo) {
            findings.add(Severity.ERROR, "missing photos", photo);
          }
        };
    return KaggleRows.read(dir.resolve("train.csv"), dir.resolve("train"), categories, receiver);
  }
}
