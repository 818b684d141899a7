package dev.selvage.data;

import dev.selvage.UserError;
import dev.selvage.geometry.Rle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder in the layout of Kaggle's iMaterialist Fashion 2019: train.csv, label_descriptions.json
 * and the photos in train/. The masks stay in memory as packed run lengths, about a third of the
 * file's size.
 */
public final class KaggleDataset implements Dataset {
  private final Path dir;
  private final List<Category> categories;
  private final String[] names;
  private final KaggleReader.Photo[] photos;

  private KaggleDataset(Path dir, List<Category> categories, KaggleReader reader) {
    this.dir = dir;
    this.categories = categories;
    names = reader.photos().keySet().toArray(String[]::new);
    photos = reader.photos().values().toArray(KaggleReader.Photo[]::new);
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
    KaggleReader reader = new KaggleReader(dir.resolve("train.csv"), photoDir, categories);
    reader.read().forEach(System.err::println);
    if (reader.photos().isEmpty()) {
      throw new UserError(
          "%s: expected at least one photo, found none".formatted(dir.resolve("train.csv")));
    }
    return new KaggleDataset(dir, categories, reader);
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
    return names.length;
  }

  @Override
  public String fileName(int image) {
    return names[image];
  }

  @Override
  public Path path(int image) {
    return dir.resolve("train").resolve(names[image]);
  }

  @Override
  public int height(int image) {
    return photos[image].size.height();
  }

  @Override
  public int width(int image) {
    return photos[image].size.width();
  }

  @Override
  public List<Instance> instances(int image) {
    KaggleReader.Photo photo = photos[image];
    List<Instance> instances = new ArrayList<>(photo.masks.size());
    for (int i = 0; i < photo.masks.size(); i++) {
      int[] counts = PackedRuns.unpack(photo.masks.get(i));
      Rle mask = new Rle(photo.size.height(), photo.size.width(), counts);
      instances.add(new Instance(photo.classIds.get(i), mask, false));
    }
    return instances;
  }
}
