package dev.selvage.resize;

import dev.selvage.data.Category;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.kaggle.KaggleRow;
import dev.selvage.data.kaggle.KaggleRows;
import dev.selvage.data.kaggle.LabelDescriptions;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A folder with train.csv, label_descriptions.json, train/ and perhaps test/. */
record KaggleLayout(Path source, List<Category> categories) implements Layout {
  private static final List<String> FOLDERS = List.of("train", "test");
  private static final String LABELS = "label_descriptions.json";
  private static final String SUBMISSION = "sample_submission.csv";

  /** Throws {@link UserError} where the folder is no such dataset. */
  static KaggleLayout of(Path source) {
    if (!Files.isDirectory(source)) {
      throw new UserError(
          "--data: expected a folder with train.csv and train/, found no folder %s"
              .formatted(source));
    }
    List<Category> categories = LabelDescriptions.read(source.resolve(LABELS));
    if (!Files.isRegularFile(source.resolve("train.csv"))) {
      throw new UserError(
          "%s: expected a file with the masks, found none".formatted(source.resolve("train.csv")));
    }
    return new KaggleLayout(source, categories);
  }

  @Override
  public List<Job> photos(Path target, Consumer<String> skipped) {
    List<Job> jobs = new ArrayList<>();
    Map<String, PhotoSize> annotated = annotatedSizes();
    for (String folder : FOLDERS) {
      for (String other : PhotoFiles.others(source.resolve(folder))) {
        skipped.accept(folder + "/" + other + ": no photo of a format that is read, skipped");
      }
      if (folder.equals("train") || hasFiles(source.resolve(folder))) {
        for (Path photo : PhotoFiles.list(source.resolve(folder), "--data")) {
          String name = photo.getFileName().toString();
          Optional<PhotoSize> size =
              folder.equals("train") ? Optional.ofNullable(annotated.get(name)) : Optional.empty();
          jobs.add(new Job(photo, size, target.resolve(folder).resolve(name)));
        }
      }
    }
    return jobs;
  }

  /** By the first good row of each photo that has one. */
  private Map<String, PhotoSize> annotatedSizes() {
    Map<String, PhotoSize> sizes = new HashMap<>();
    KaggleRows.read(
        source.resolve("train.csv"),
        source.resolve("train"),
        categories,
        new KaggleRows.Receiver() {
          @Override
          public void row(KaggleRow row) {
            sizes.putIfAbsent(row.photo(), row.size());
          }

          @Override
          public void bad(long line, String problem) {
            // said when the rows are written
          }
        });
    return sizes;
  }

  private static boolean hasFiles(Path folder) {
    try {
      return Files.isDirectory(folder) && !Resizer.isEmpty(folder);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(folder, e), e);
    }
  }

  @Override
  public void prepare(Path target) throws IOException {
    for (String folder : FOLDERS) {
      if (Files.isDirectory(source.resolve(folder))) {
        Files.createDirectories(target.resolve(folder));
      }
    }
    PhotoResizer.copy(source.resolve(LABELS), target.resolve(LABELS));
    if (Files.isRegularFile(source.resolve(SUBMISSION))) {
      PhotoResizer.copy(source.resolve(SUBMISSION), target.resolve(SUBMISSION));
    }
  }

  @Override
  public int annotations(Path target, int side, Consumer<String> skipped) {
    return RowResizer.write(source, target, categories, side, skipped);
  }
}
