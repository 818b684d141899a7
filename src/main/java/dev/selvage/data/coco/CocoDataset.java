package dev.selvage.data.coco;

import dev.selvage.coco.CocoAnnotations;
import dev.selvage.coco.CocoErrorHandler;
import dev.selvage.coco.CocoErrorHandler.Fault;
import dev.selvage.coco.CocoImage;
import dev.selvage.coco.CocoIndex;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import dev.selvage.data.InvalidRowPolicy;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.image.PhotoHeader;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A COCO annotation file and a folder of photos. Masks are read from the file when they are asked
 * for. Images without annotations are photos without objects.
 */
public final class CocoDataset implements Dataset {
  private final Path folder;
  private final CocoAnnotations annotations;
  private final int imageEntries;
  private final int annotationEntries;

  private CocoDataset(CocoIndex index, Path folder, CocoErrorHandler errors) throws IOException {
    this.folder = folder;
    imageEntries = index.imageEntries();
    annotationEntries = index.annotationEntries();
    List<CocoImage> images = new ArrayList<>();
    for (CocoImage image : index.images().values()) {
      if (hasPhoto(image, errors)) {
        images.add(image);
      }
    }
    images.sort(Comparator.comparing(CocoImage::fileName).thenComparing(CocoImage::id));
    annotations = CocoAnnotations.of(index, images, errors);
  }

  /**
   * Reads and checks the file and looks for its photos. A few entries of a large file that cannot
   * be used are skipped and listed on stderr; more are an error.
   *
   * @param images the folder with the photos; null looks in those where COCO has them
   * @throws UserError anything missing or malformed, with the line and id of the image or
   *     annotation
   */
  public static CocoDataset open(Path json, Path images) {
    InvalidRowPolicy badImages = new InvalidRowPolicy(json, "images");
    InvalidRowPolicy badAnnotations = new InvalidRowPolicy(json, "annotations");
    CocoDataset dataset =
        open(
            json,
            images,
            (fault, place, problem) ->
                (fault.ofImage() ? badImages : badAnnotations).add(place, problem));
    badImages.judge(dataset.imageEntries).forEach(System.err::println);
    badAnnotations.judge(dataset.annotationEntries).forEach(System.err::println);
    if (dataset.size() == 0) {
      throw new UserError("%s: expected at least one image, found none".formatted(json));
    }
    return dataset;
  }

  /**
   * Opens a dataset and reports each bad entry to {@code errors}, however many there are. The
   * result may have no photo.
   *
   * @throws UserError the file is no JSON, lacks a list or has a bad category, or there is no
   *     folder of photos
   */
  public static CocoDataset open(Path json, Path images, CocoErrorHandler errors) {
    if (!Files.isRegularFile(json)) {
      throw new UserError(
          "--data: expected a COCO annotation file, found no file %s".formatted(json));
    }
    CocoIndex index = CocoIndex.read(json, errors);
    Path folder = images == null ? search(index) : images;
    if (!Files.isDirectory(folder)) {
      throw new UserError("--images: expected a folder of photos, found none at " + folder);
    }
    try {
      return new CocoDataset(index, folder, errors);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(json, e), e);
    }
  }

  /** The first of the usual folders that holds the first photo that is in any of them. */
  private static Path search(CocoIndex index) {
    Path json = index.file();
    Path parent = json.toAbsolutePath().normalize().getParent();
    Path above = parent.getParent() == null ? parent : parent.getParent();
    String base = base(json).replaceFirst("^instances_", "");
    Set<Path> folders =
        new LinkedHashSet<>(
            List.of(
                above.resolve(base),
                above.resolve("images").resolve(base),
                above.resolve("images"),
                parent.resolve("images"),
                parent));
    List<String> names =
        index.images().values().stream()
            .map(CocoImage::fileName)
            .filter(name -> !name.isEmpty())
            .toList();
    if (names.isEmpty()) {
      throw new UserError("%s: expected at least one image, found none".formatted(json));
    }
    for (String name : names) { // the first ones may be missing
      for (Path folder : folders) {
        if (PhotoFiles.named(folder, name).isPresent()) {
          return folder;
        }
      }
    }
    throw new UserError(
        "--images: expected the photos in one of %s, found no %s there; name their folder with --images DIR"
            .formatted(folders, names.get(0)));
  }

  private boolean hasPhoto(CocoImage image, CocoErrorHandler errors) throws IOException {
    if (image.fileName().isEmpty()) {
      errors.handle(
          Fault.IMAGE_FIELDS, image.place(), "expected \"file_name\" to be a string, found none");
      return false;
    }
    Optional<Path> path = PhotoFiles.named(folder, image.fileName());
    if (path.isEmpty()) {
      errors.handle(
          Fault.IMAGE_MISSING,
          image.place(),
          "file_name must name a photo in %s, found no %s there"
              .formatted(folder, image.fileName()));
      return false;
    }
    Optional<PhotoHeader> header = PhotoHeader.read(path.get());
    if (header.isPresent() && !header.get().fits(image.size())) {
      PhotoSize stored = header.get().stored();
      errors.handle(
          Fault.IMAGE_SIZE,
          image.place(),
          "height and width must be those of %s (%d and %d), found %d and %d"
              .formatted(
                  image.fileName(),
                  stored.height(),
                  stored.width(),
                  image.size().height(),
                  image.size().width()));
      return false;
    }
    return true;
  }

  private static String base(Path json) {
    return json.getFileName().toString().replaceFirst("\\.json$", "");
  }

  private CocoImage image(int imageIndex) {
    return annotations.images().get(imageIndex);
  }

  @Override
  public String name() {
    return base(file());
  }

  @Override
  public List<Category> categories() {
    return annotations.categories();
  }

  @Override
  public int size() {
    return annotations.images().size();
  }

  @Override
  public String fileName(int imageIndex) {
    return image(imageIndex).fileName();
  }

  @Override
  public Path path(int imageIndex) {
    return folder.resolve(fileName(imageIndex));
  }

  @Override
  public int height(int imageIndex) {
    return image(imageIndex).size().height();
  }

  @Override
  public int width(int imageIndex) {
    return image(imageIndex).size().width();
  }

  @Override
  public int[] classIds(int imageIndex) {
    return annotations.classIds(image(imageIndex));
  }

  @Override
  public List<Instance> instances(int imageIndex) {
    return annotations.instances(image(imageIndex));
  }

  /** The annotation file. */
  public Path file() {
    return annotations.file();
  }

  /** The folder of the photos. */
  public Path folder() {
    return folder;
  }

  /** How many annotations the file has, those included that cannot be used. */
  public int annotationEntries() {
    return annotationEntries;
  }

  /** The id of a photo in the file. */
  public long imageId(int imageIndex) {
    return image(imageIndex).id();
  }

  /** For each of a photo's instances the line and id of its annotation. */
  public List<String> places(int imageIndex) {
    return annotations.places(image(imageIndex));
  }

  /** The indices of the annotations that can be used, in the file's list from 0. */
  public BitSet usable() {
    return annotations.usable();
  }
}
