package dev.selvage.coco;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.selvage.coco.CocoErrorHandler.Fault;
import dev.selvage.coco.CocoIndex.Annotation;
import dev.selvage.data.Category;
import dev.selvage.data.Instance;
import dev.selvage.data.InvalidRowPolicy;
import dev.selvage.data.MappedFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of the images of an annotation file. Each is read from the file when it is asked for,
 * so that no mask is kept. Thread-safe.
 */
public final class CocoAnnotations {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final MappedFile file;
  private final List<CocoImage> images;
  private final List<Category> categories;
  private final Map<Integer, Integer> classOfCategory = new HashMap<>();
  private final Map<Long, List<Annotation>> annotations = new HashMap<>();

  /** Where the first annotation without a mask is; null where each has one. */
  private String withoutMask;

  private int masks;

  private CocoAnnotations(CocoIndex index, Collection<CocoImage> images) {
    try {
      file = MappedFile.open(index.file());
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(index.file(), e), e);
    }
    this.images = List.copyOf(images);
    categories = index.categories();
    for (int i = 0; i < categories.size(); i++) {
      classOfCategory.put(categories.get(i).id(), i + 1);
    }
    images.forEach(image -> annotations.put(image.id(), new ArrayList<>()));
  }

  /**
   * Opens a file to score results by, whose annotations may all have boxes and no masks. A few
   * entries of a large file that cannot be used are skipped and listed on stderr; more are an
   * error.
   *
   * @throws UserError with file, line, what was expected and what was found
   */
  public static CocoAnnotations open(Path file) {
    InvalidRowPolicy badImages = new InvalidRowPolicy(file, "images");
    InvalidRowPolicy badAnnotations = new InvalidRowPolicy(file, "annotations");
    CocoErrorHandler errors = CocoErrorHandler.into(badImages, badAnnotations);
    CocoIndex index = CocoIndex.read(file, true, errors);
    CocoAnnotations all = of(index, index.images().values(), Map.of(), errors);
    badImages.judge(index.imageEntries()).forEach(System.err::println);
    badAnnotations.judge(index.annotationEntries()).forEach(System.err::println);
    if (all.masks > 0 && !all.hasMasks()) {
      throw new UserError(
          "%s %s: expected a \"segmentation\" in each annotation or in none, found none here and %s elsewhere"
              .formatted(file, all.withoutMask, all.masks));
    }
    return all;
  }

  /**
   * The objects of some images.
   *
   * @param images some of the index; annotations of its other images are left out
   * @param samePhoto further images of the index, each with the one of {@code images} that has the
   *     same photo and gets its annotations
   * @param errors takes annotations whose image_id, category_id or size is wrong
   */
  public static CocoAnnotations of(
      CocoIndex index,
      Collection<CocoImage> images,
      Map<CocoImage, CocoImage> samePhoto,
      CocoErrorHandler errors) {
    CocoAnnotations objects = new CocoAnnotations(index, images);
    for (Annotation annotation : index.annotations()) {
      CocoImage stated = index.images().get(annotation.imageId());
      if (stated == null) {
        errors.handle(Fault.ANNOTATION_IMAGE_ID, annotation.place(), noImage(annotation.imageId()));
        continue;
      }
      CocoImage image = samePhoto.getOrDefault(stated, stated);
      if (objects.annotations.containsKey(image.id())) {
        objects.add(annotation, image, errors);
      }
    }
    return objects;
  }

  private void add(Annotation annotation, CocoImage image, CocoErrorHandler errors) {
    if (!classOfCategory.containsKey(annotation.categoryId())) {
      errors.handle(
          Fault.ANNOTATION_CATEGORY_ID, annotation.place(), noCategory(annotation.categoryId()));
      return;
    }
    try {
      annotation.extent().requireFit(image.size().height(), image.size().width());
    } catch (UserError e) {
      errors.handle(Fault.ANNOTATION_SIZE, annotation.place(), e.getMessage());
      return;
    }
    annotations.get(image.id()).add(annotation);
    if (annotation.hasMask()) {
      masks++;
    } else if (withoutMask == null) {
      withoutMask = annotation.place();
    }
  }

  /** Whether the annotations have masks; else the mask of each object is the area of its box. */
  public boolean hasMasks() {
    return withoutMask == null;
  }

  static String noImage(long id) {
    return "expected \"image_id\" to be the id of an image, found " + id;
  }

  static String noCategory(int id) {
    return "expected \"category_id\" to be the id of a category, found " + id;
  }

  /** The annotation file. */
  public Path file() {
    return file.path();
  }

  /** In the order in which they were given; {@link #open} has them in ascending order of ids. */
  public List<CocoImage> images() {
    return images;
  }

  /** In class order, which is that of their ids: class c is {@code categories().get(c - 1)}. */
  public List<Category> categories() {
    return categories;
  }

  /** The class of a category by its id; null for an id that is not one of a category. */
  Integer classOf(int categoryId) {
    return classOfCategory.get(categoryId);
  }

  /**
   * The objects of an image, in the file's order.
   *
   * @throws UserError the file has changed since it was opened
   */
  public List<Instance> instances(CocoImage image) {
    List<Instance> instances = new ArrayList<>();
    for (Annotation annotation : annotations.get(image.id())) {
      byte[] text = new byte[annotation.length()];
      file.read(annotation.offset(), text, 0, text.length);
      try {
        JsonFields fields = new JsonFields(MAPPER.readValue(text, ObjectNode.class));
        instances.add(
            CocoAnnotation.of(fields, !annotation.hasMask())
                .toInstance(classOfCategory.get(annotation.categoryId()), image.size()));
      } catch (IOException | UserError e) {
        throw new UserError(
            "%s %s: expected a file that does not change while it is in use, found another annotation (%s)"
                .formatted(file.path(), annotation.place(), e.getMessage()),
            e);
      }
    }
    return instances;
  }

  /** Classes of the objects of an image, without crowds; cheaper than the objects. */
  public int[] classIds(CocoImage image) {
    return annotations.get(image.id()).stream()
        .filter(annotation -> !annotation.crowd())
        .mapToInt(annotation -> classOfCategory.get(annotation.categoryId()))
        .toArray();
  }

  /** For each object of an image the line and id of its annotation. */
  public List<String> places(CocoImage image) {
    return annotations.get(image.id()).stream().map(Annotation::place).toList();
  }

  /** For each object of an image the index of its annotation in the file's list, from 0. */
  List<Integer> indices(CocoImage image) {
    return annotations.get(image.id()).stream().map(Annotation::index).toList();
  }

  /** The indices of the annotations that can be used, in the file's list from 0. */
  public BitSet usable() {
    BitSet usable = new BitSet();
    annotations.values().forEach(list -> list.forEach(a -> usable.set(a.index())));
    return usable;
  }
}
