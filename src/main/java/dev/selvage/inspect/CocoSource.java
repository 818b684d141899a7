package dev.selvage.inspect;

import dev.selvage.coco.CocoErrorHandler;
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

/** One of COCO's annotation files. Its bad entries become findings when it is opened. */
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
    dataset = CocoDataset.open(json, images, new Lint(findings));
    TreeSet<Path> all = new TreeSet<>(PhotoFiles.in(dataset.folder(), "--images"));
    for (int i = 0; i < dataset.size(); i++) {
      all.add(dataset.path(i)); // some may lie in folders of their own
    }
    photos = List.copyOf(all);
  }

  private record Lint(Findings findings) implements CocoErrorHandler {
    @Override
    public void image(CocoErrorHandler.Kind kind, String place, String problem) {
      String title =
          switch (kind) {
            case MISSING -> "photos that are missing";
            case SIZE -> "images whose size is not their photo's";
            default -> "images that cannot be used";
          };
      findings.add(Severity.ERROR, title, place + ": " + problem);
    }

    @Override
    public void annotation(CocoErrorHandler.Kind kind, String place, String problem) {
      String title =
          switch (kind) {
            case IMAGE_ID -> "annotations of no image";
            case CATEGORY_ID -> "annotations of no category";
            case SIZE -> "masks that are not of their image's size";
            default -> "annotations that cannot be used";
          };
      findings.add(Severity.ERROR, title, place + ": " + problem);
    }
  }

  @Override
  public String name() {
    return dataset.name();
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
  public String name(Path photo) {
    return dataset.folder().relativize(photo).toString();
  }

  @Override
  public String unlabelled() {
    return "photos that no usable image of the file names";
  }

  @Override
  public int read(ObjectStatistics statistics, Findings findings) {
    for (int i = 0; i < dataset.size(); i++) {
      String name = dataset.fileName(i);
      PhotoSize size = new PhotoSize(dataset.height(i), dataset.width(i));
      statistics.photo(name, size);
      long[] ids = dataset.annotationIds(i);
      List<Instance> instances = dataset.instances(i);
      for (int k = 0; k < ids.length; k++) {
        statistics.object(name, size, instances.get(k), "", "annotation " + ids[k]);
      }
    }
    return dataset.annotations();
  }
}
