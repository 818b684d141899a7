package dev.selvage.data.kaggle;

import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import dev.selvage.data.InstanceSummary;
import dev.selvage.data.InvalidRowPolicy;
import dev.selvage.data.MappedFile;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.image.Photos;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A folder in the layout of Kaggle's iMaterialist Fashion 2019: train.csv, label_descriptions.json
 * and the photos in train/. A photo that no row names shows no object.
 */
public final class KaggleDataset implements Dataset {
  private final Path dir;
  private final List<Category> categories;
  private final KaggleIndex index;

  private final int rows;

  private KaggleDataset(Path dir, List<Category> categories, KaggleReader reader) {
    this.dir = dir;
    this.categories = categories;
    rows = reader.rows();
    Path csv = csv(dir);
    try {
      index = new KaggleIndex(MappedFile.open(csv), reader);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(csv, e), e);
    }
  }

  /**
   * Reads and checks the folder; rows that are skipped and files that are no photos are listed on
   * stderr.
   *
   * @throws UserError anything missing or malformed, with file and line
   */
  public static KaggleDataset open(Path dir) {
    List<Category> categories = categories(dir);
    Path csv = csv(dir);
    InvalidRowPolicy bad = new InvalidRowPolicy(csv, "rows");
    KaggleReader reader = new KaggleReader((line, problem) -> bad.add("line " + line, problem));
    reader.read(csv, photos(dir), categories);
    bad.judge(reader.rows()).forEach(System.err::println);
    PhotoFiles.leftOut(photos(dir)).ifPresent(System.err::println);
    addUnnamed(dir, reader, new Photos());
    if (reader.names().isEmpty()) {
      throw new UserError("%s: expected at least one photo, found none".formatted(csv));
    }
    return new KaggleDataset(dir, categories, reader);
  }

  /**
   * Opens the same dataset and tells a listener of each row, however many are bad. The result may
   * have no photo.
   *
   * @throws UserError no such folder, file or list of categories
   */
  public static KaggleDataset open(Path dir, KaggleRows.Receiver listener) {
    List<Category> categories = categories(dir);
    KaggleReader reader = new KaggleReader(listener);
    reader.read(csv(dir), photos(dir), categories);
    addUnnamed(dir, reader, new Photos((file, why) -> {}));
    return new KaggleDataset(dir, categories, reader);
  }

  private static List<Category> categories(Path dir) {
    if (!Files.isDirectory(dir)) {
      throw new UserError(
          "--data: expected a folder with train.csv and train/, found no folder %s".formatted(dir));
    }
    if (!Files.isDirectory(photos(dir))) {
      throw new UserError(
          "--data: expected the photos in %s, found no such folder".formatted(photos(dir)));
    }
    return LabelDescriptions.read(dir.resolve("label_descriptions.json"));
  }

  private static Path csv(Path dir) {
    return dir.resolve("train.csv");
  }

  private static Path photos(Path dir) {
    return dir.resolve("train");
  }

  /** Photos that have only invalid rows are left out: they may show objects. */
  private static void addUnnamed(Path dir, KaggleReader reader, Photos photos) {
    for (Path file : PhotoFiles.in(photos(dir), "--data")) {
      String name = file.getFileName().toString();
      if (!reader.isNamed(name)) {
        photos.size(file).ifPresent(size -> reader.photo(name, size));
      }
    }
  }

  @Override
  public String name() {
    return dir.toAbsolutePath().normalize().getFileName().toString();
  }

  @Override
  public List<Category> categories() {
    return categories;
  }

  @Override
  public int size() {
    return index.size();
  }

  @Override
  public String fileName(int imageIndex) {
    return index.name(imageIndex);
  }

  @Override
  public Path path(int imageIndex) {
    return photos(dir).resolve(index.name(imageIndex));
  }

  @Override
  public int height(int imageIndex) {
    return index.size(imageIndex).height();
  }

  @Override
  public int width(int imageIndex) {
    return index.size(imageIndex).width();
  }

  @Override
  public List<Instance> instances(int imageIndex) {
    return index.instances(imageIndex);
  }

  @Override
  public int[] classIds(int imageIndex) {
    return index.classIds(imageIndex);
  }

  @Override
  public List<InstanceSummary> summaries(int imageIndex) {
    return index.summaries(imageIndex);
  }

  /** How many rows train.csv has, those included that cannot be used. */
  public int rows() {
    return rows;
  }
}
