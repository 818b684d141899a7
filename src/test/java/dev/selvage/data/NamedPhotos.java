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
  public String fileName(int image) {
    return names.get(image);
  }

  @Override
  public Path path(int image) {
    return Path.of(names.get(image));
  }

  @Override
  public int height(int image) {
    return 1;
  }

  @Override
  public int width(int image) {
    return 1;
  }

  @Override
  public List<Instance> instances(int image) {
    return List.of();
  }
}
