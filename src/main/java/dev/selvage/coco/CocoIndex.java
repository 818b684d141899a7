package dev.selvage.coco;

import dev.selvage.data.Category;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one pass over an annotation file keeps: images, categories, and of each annotation its ids
 * and its place in the file, from where {@link CocoAnnotations} reads the mask when it is asked
 * for. Some 100 bytes of heap per annotation.
 */
public final class CocoIndex {
  /**
   * What is kept of an annotation.
   *
   * @param index in the list of annotations, from 0
   * @param offset in the file of its first byte
   * @param length in bytes
   */
  record Annotation(
      long id,
      int index,
      int line,
      long imageId,
      int categoryId,
      boolean crowd,
      boolean hasMask,
      CocoSegmentation.Extent extent,
      long offset,
      int length) {
    /** Line and id in the file, for messages. */
    String place() {
      return "line %s, annotation %s".formatted(line, id);
    }
  }

  private final Path file;
  private final SortedMap<Long, CocoImage> images = new TreeMap<>();
  private final SortedMap<Integer, Category> categories = new TreeMap<>();
  private final List<Annotation> annotations = new ArrayList<>();
  private int imageEntries;
  private int annotationEntries;

  private CocoIndex(Path file) {
    this.file = file;
  }

  /**
   * Reads a file.
   *
   * @param boxesSuffice whether an annotation may have a box and no mask
   * @param errors takes the images and annotations with bad fields
   * @throws UserError the file is no JSON, lacks a list, has a bad category, or has none
   */
  public static CocoIndex read(Path file, boolean boxesSuffice, CocoErrorHandler errors) {
    CocoIndex index = new CocoIndex(file);
    try (CocoReader reader = CocoReader.ofAnnotations(file)) {
      for (String field = reader.nextField(); field != null; field = reader.nextField()) {
        switch (field) {
          case CocoReader.IMAGES -> index.images(reader, errors);
          case CocoReader.CATEGORIES -> index.categories(reader);
          case CocoReader.ANNOTATIONS -> index.annotations(reader, boxesSuffice, errors);
          default -> {} // is skipped
        }
      }
    }
    if (index.categories.isEmpty()) {
      throw new UserError("%s: expected at least one category, found none".formatted(file));
    }
    return index;
  }

  private void images(CocoReader reader, CocoErrorHandler errors) {
    for (CocoEntry entry = reader.nextEntry(); entry != null; entry = reader.nextEntry()) {
      imageEntries++;
      try {
        CocoImage image = CocoImage.of(entry);
        if (images.putIfAbsent(image.id(), image) != null) {
          throw new UserError("expected unique image ids, found %s twice".formatted(image.id()));
        }
      } catch (UserError e) {
        errors.handle(CocoErrorHandler.Fault.IMAGE_FIELDS, entry.place(), e.getMessage());
      }
    }
  }

  private void categories(CocoReader reader) {
    for (CocoEntry entry = reader.nextEntry(); entry != null; entry = reader.nextEntry()) {
      try {
        Category category =
            new Category(
                entry.fields().smallInteger("id"),
                entry.fields().text("name"),
                entry.node().path("supercategory").asText(""));
        if (categories.putIfAbsent(category.id(), category) != null) {
          throw new UserError(
              "expected unique category ids, found %s twice".formatted(category.id()));
        }
      } catch (UserError e) {
        throw new UserError("%s %s: %s".formatted(file, entry.place(), e.getMessage()), e);
      }
    }
  }

  private void annotations(CocoReader reader, boolean boxesSuffice, CocoErrorHandler errors) {
    for (CocoEntry entry = reader.nextEntry(); entry != null; entry = reader.nextEntry()) {
      annotationEntries++;
      try {
        CocoAnnotation read = CocoAnnotation.of(entry.fields(), boxesSuffice);
        annotations.add(
            new Annotation(
                read.id(),
                entry.index(),
                entry.line(),
                read.imageId(),
                read.categoryId(),
                read.crowd(),
                read.hasMask(),
                read.segmentation().extent(),
                entry.offset(),
                entry.length()));
      } catch (UserError e) {
        errors.handle(CocoErrorHandler.Fault.ANNOTATION_FIELDS, entry.place(), e.getMessage());
      }
    }
  }

  public Path file() {
    return file;
  }

  /** The images with good fields by their ids, which are ascending. */
  public SortedMap<Long, CocoImage> images() {
    return images;
  }

  /** In ascending order of their ids. */
  public List<Category> categories() {
    return List.copyOf(categories.values());
  }

  /** Those with good fields, in the file's order. */
  List<Annotation> annotations() {
    return annotations;
  }

  /** How many images the file has, those included that cannot be used. */
  public int imageEntries() {
    return imageEntries;
  }

  /** How many annotations the file has, those included that cannot be used. */
  public int annotationEntries() {
    return annotationEntries;
  }
}
