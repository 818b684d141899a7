package dev.selvage.data.split;

import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Photos and the classes of their objects, which is all that a split needs.
 *
 * @param classes of each photo's objects
 */
public record LabelledPhotos(List<Category> categories, int[]... classes) implements Dataset {
  @Override
  public String name() {
    return "labelled";
  }

  @Override
  public int size() {
    return classes.length;
  }

  @Override
  public int[] classIds(int imageIndex) {
    return classes[imageIndex];
  }

  @Override
  public String fileName(int imageIndex) {
    return "%04d.jpg".formatted(imageIndex);
  }

  @Override
  public Path path(int imageIndex) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int height(int imageIndex) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int width(int imageIndex) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Instance> instances(int imageIndex) {
    throw new UnsupportedOperationException();
  }

  /** So many categories, named a, b and so on, with ids from 0. */
  public static List<Category> categories(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Category(i, String.valueOf((char) ('a' + i)), ""))
        .toList();
  }
}
