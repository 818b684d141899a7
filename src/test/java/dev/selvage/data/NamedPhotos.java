package dev.selvage.data;

import java.nio.file.Path;
import java.util.List;

/** Photos of which only the names count. */
public record NamedPhotos(List<String> names) implements Dataset {
  public NamedPhotos(String... names) {
    this(List.of(names));
  }

  @Override
  public String name() {
    return "named";
  }

  @Override
  public List<Category> categories() {
    return List.of();
  }

  @Override
  public int size() {
    return names.size();
  }

  @Override
  public String fileName(int imageIndex) {
    return names.get(imageIndex);
  }

  @Override
  public Path path(int imageIndex) {
    return Path.of(names.get(imageIndex));
  }

  @Override
  public int height(int imageIndex) {
    return 1;
  }

  @Override
  public int width(int imageIndex) {
    return 1;
  }

  @Override
  public List<Instance> instances(int imageIndex) {
    return List.of();
  }
}
