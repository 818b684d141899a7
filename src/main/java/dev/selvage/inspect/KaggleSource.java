package dev.selvage.inspect;

import dev.selvage.data.Category;
import dev.selvage.data.Instance;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.kaggle.KaggleDataset;
import dev.selvage.data.kaggle.KaggleRow;
import dev.selvage.data.kaggle.KaggleRows;
import dev.selvage.data.kaggle.LabelDescriptions;
import dev.selvage.inspect.Finding.Severity;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
  public String unused() {
    return "photos in train/ that are not used (damaged, or with invalid rows only)";
  }

  @Override
  public Annotations read(ObjectStatistics statistics, Findings findings) {
    for (String other : PhotoFiles.others(dir.resolve("train"))) {
      findings.add(
          Severity.NOTE, "files in train/ that are no photos of a format that is read", other);
    }
    Set<String> named = new HashSet<>();
    KaggleDataset dataset =
        KaggleDataset.open(
            dir,
            new KaggleRows.Receiver() {
              private String current = "";

              @Override
              public void named(String photo) {
                current = photo;
                named.add(photo);
              }

              @Override
              public void row(KaggleRow row) {
                if (row.classId() > 0) {
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
                findings.add(
                    Severity.ERROR,
                    "invalid rows",
                    "line %s: %s".formatted(line, problem),
                    current);
              }

              @Override
              public void renamed(String imageId, String photo) {
                findings.add(
                    Severity.NOTE,
                    "photos under several names in train.csv (used as one photo)",
                    imageId + " is " + photo,
                    photo);
              }

              @Override
              public void missing(String photo) {
                findings.add(Severity.ERROR, "missing photos", photo);
              }
            });
    for (int i = 0; i < dataset.size(); i++) {
      if (!named.contains(dataset.fileName(i))) {
        findings.add(
            Severity.NOTE,
            "photos in train/ without a row (used as photos without objects)",
            dataset.fileName(i),
            dataset.fileName(i));
      }
    }
    return new Annotations(dataset, dataset.rows());
  }
}
