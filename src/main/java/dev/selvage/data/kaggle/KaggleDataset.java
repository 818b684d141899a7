package dev.selvage.data.kaggle;

import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import dev.selvage.data.InstanceSummary;
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

  private KaggleDataset(Path dir, List<Category> categories, KaggleIndex index) {
    this.dir = dir;
    this.categories = categories;
    this.index = index;
  }

  /**
   * Reads and checks the folder; rows that are skipped are listed on stderr.
   *
   * @throws UserError anything missing or malformed, with file and line
   */
  public static KaggleDataset open(Path dir) {
    if (!Files.isDirectory(dir)) {
      throw new UserError(
          "--data: expected a folder with train.csv and train/, found no folder %s".formatted(dir));
    }
    Path photoDir = dir.resolve("train");
    if (!Files.isDirectory(photoDir)) {
      throw new UserError(
          "--data: expected the photos in %s, found no such folder".formatted(photoDir));
    }
    List<Category> categories = LabelDescriptions.read(dir.resolve("label_descriptions.json"));
    Path csv = dir.resolve("train.csv");
    KaggleReader reader = new KaggleReader(csv);
    reader.read(photoDir, categories).forEach(System.err::println);
    addUnnamed(PhotoFiles.in(photoDir, "--data"), reader);
    if (reader.names().isEmpty()) {
      throw new UserError("%s: expected at least one photo, found none".formatted(csv));
    }
    try {
      return new KaggleDataset(dir, categories, new KaggleIndex(MappedFile.open(csv), reader));
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(csv, e), e);
    }
  }

  /** Photos that have only invalid rows are left out: they may show objects. */
  private static void addUnnamed(List<Path> files, KaggleReader reader) {
    Photos photos = new Photos();
    for (Path file : files) {
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
    return dir.resolve("train").resolve(index.name(imageIndex));
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
}
