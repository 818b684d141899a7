package dev.selvage.inspect;

import dev.selvage.coco.CocoErrorHandler.Fault;
import dev.selvage.data.Category;
import dev.selvage.data.Instance;
import dev.selvage.data.coco.CocoDataset;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.inspect.Finding.Severity;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;

/** A COCO annotation file. Its bad entries become findings when it is opened. */
final class CocoSource implements AnnotationSource {
  private final CocoDataset dataset;
  private final List<Path> photos;

  /**
   * Opens it.
   *
   * @throws dev.selvage.util.UserError it is no JSON, lacks a part or has a bad category, or its
   *     photos are nowhere
   */
  CocoSource(Path json, Path images, Findings findings) {
    dataset =
        CocoDataset.open(
            json,
            images,
            (fault, place, problem) ->
                findings.add(Severity.ERROR, title(fault), place + ": " + problem));
    for (int i : dataset.joined()) {
      findings.add(
          Severity.WARNING,
          "photos with several images (their annotations are used together)",
          dataset.describeImages(i),
          dataset.fileName(i));
    }
    TreeSet<Path> all = new TreeSet<>(PhotoFiles.in(dataset.folder(), "--images"));
    for (int i = 0; i < dataset.size(); i++) {
      all.add(dataset.path(i)); // some may lie in folders of their own
    }
    photos = List.copyOf(all);
  }

  private static String title(Fault fault) {
    return switch (fault) {
      case IMAGE_FIELDS -> "invalid images";
      case IMAGE_MISSING -> "missing photos";
      case IMAGE_SIZE -> "images whose size differs from their photo";
      case ANNOTATION_FIELDS -> "invalid annotations";
      case ANNOTATION_IMAGE_ID -> "annotations whose image does not exist";
      case ANNOTATION_CATEGORY_ID -> "annotations whose category does not exist";
      case ANNOTATION_SIZE -> "masks whose size differs from their image";
    };
  }

  @Override
  public List<Category> categories() {
    return dataset.categories();
  }

  @Override
  public SortedMap<Integer, String> attributes() {
    return Collections.emptySortedMap();
  }

  @Override
  public List<Path> photos() {
    return photos;
  }

  @Override
  public String unused() {
    return "photos that are not in the annotation file";
  }

  @Override
  public Annotations read(ObjectStatistics statistics, Findings findings) {
    for (int i = 0; i < dataset.size(); i++) {
      PhotoSize size = new PhotoSize(dataset.height(i), dataset.width(i));
      List<String> places = dataset.places(i);
      List<Instance> instances = dataset.instances(i);
      for (int k = 0; k < places.size(); k++) {
        statistics.object(dataset.fileName(i), size, instances.get(k), "", places.get(k));
      }
    }
    return new Annotations(dataset, dataset.annotationEntries());
  }
}
