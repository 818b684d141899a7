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
import dev.selvage.data.image.PhotoFolder;
import dev.selvage.data.image.PhotoFolder.Found;
import dev.selvage.data.image.PhotoHeader;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A COCO annotation file and a folder of photos. Masks are read from the file when they are asked
 * for. Images without annotations are photos without objects. Images of one photo, as merged files
 * have them, are one image with the annotations of all: else the photo could be trained on and held
 * out at once.
 */
public final class CocoDataset implements Dataset {
  /** A photo and the images that name it; the first one's id is the lowest. */
  private record Photo(Found file, List<CocoImage> images) {
    CocoImage image() {
      return images.get(0);
    }
  }

  private final Path folder;
  private final List<Photo> photos;
  private final CocoAnnotations annotations;
  private final int imageEntries;
  private final int annotationEntries;

  private CocoDataset(CocoIndex index, Path folder, CocoErrorHandler errors) throws IOException {
    this.folder = folder;
    imageEntries = index.imageEntries();
    annotationEntries = index.annotationEntries();
    SortedMap<String, Photo> byName = new TreeMap<>();
    Map<CocoImage, CocoImage> samePhoto = new HashMap<>();
    PhotoFolder files = new PhotoFolder(folder);
    for (CocoImage image : index.images().values()) {
      Optional<Found> file = photo(image, files, errors);
      if (file.isPresent()) {
        Photo photo =
            byName.computeIfAbsent(
                file.get().name(), name -> new Photo(file.get(), new ArrayList<>(1)));
        if (photo.images.isEmpty()) {
          photo.images.add(image);
        } else if (image.size().equals(photo.image().size())) {
          photo.images.add(image);
          samePhoto.put(image, photo.image());
        } else {
          errors.handle(Fault.IMAGE_SIZE, image.place(), otherSize(image, photo.image()));
        }
      }
    }
    photos = List.copyOf(byName.values());
    annotations =
        CocoAnnotations.of(index, photos.stream().map(Photo::image).toList(), samePhoto, errors);
  }

  private static String otherSize(CocoImage image, CocoImage first) {
    return "height and width must be those of image %s, which has the same photo %s (%s and %s), found %s and %s"
        .formatted(
            first.id(),
            image.fileName(),
            first.size().height(),
            first.size().width(),
            image.size().height(),
            image.size().width());
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
    CocoDataset dataset = open(json, images, CocoErrorHandler.into(badImages, badAnnotations));
    badImages.judge(dataset.imageEntries).forEach(System.err::println);
    badAnnotations.judge(dataset.annotationEntries).forEach(System.err::println);
    dataset.reportJoined();
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
    CocoIndex index = CocoIndex.read(json, false, errors);
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

  private void reportJoined() {
    List<Integer> joined = joined();
    if (!joined.isEmpty()) {
      System.err.printf(
          "%s: photos with more than one image, whose annotations are used together: %s; for example, %s%n",
          file(), joined.size(), describeImages(joined.get(0)));
    }
  }

  /** The photos that have more than one image in the file. */
  public List<Integer> joined() {
    return IntStream.range(0, size()).filter(i -> images(i).size() > 1).boxed().toList();
  }

  /** A photo's name and the ids of its images. */
  public String describeImages(int imageIndex) {
    return fileName(imageIndex)
        + " is that of images "
        + images(imageIndex).stream()
            .map(image -> Long.toString(image.id()))
            .collect(Collectors.joining(", "));
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
        if (new PhotoFolder(folder).find(name).isPresent()) {
          return folder;
        }
      }
    }
    throw new UserError(
        "--images: expected the photos in one of %s, found no %s there; name their folder with --images DIR"
            .formatted(folders, names.get(0)));
  }

  /** The photo of an image; empty where there is none or the image has another size. */
  private static Optional<Found> photo(CocoImage image, PhotoFolder files, CocoErrorHandler errors)
      throws IOException {
    if (image.fileName().isEmpty()) {
      errors.handle(
          Fault.IMAGE_FIELDS, image.place(), "expected \"file_name\" to be a string, found none");
      return Optional.empty();
    }
    Optional<Found> found = files.find(image.fileName());
    if (found.isEmpty()) {
      errors.handle(
          Fault.IMAGE_MISSING,
          image.place(),
          "file_name must name a photo in %s, %s"
              .formatted(files.path(), files.missing(image.fileName())));
      return Optional.empty();
    }
    Optional<PhotoHeader> header = PhotoHeader.read(found.get().file());
    if (header.isPresent() && !header.get().fits(image.size())) {
      PhotoSize stored = header.get().stored();
      errors.handle(
          Fault.IMAGE_SIZE,
          image.place(),
          "height and width must be those of %s (%s and %s), found %s and %s"
              .formatted(
                  image.fileName(),
                  stored.height(),
                  stored.width(),
                  image.size().height(),
                  image.size().width()));
      return Optional.empty();
    }
    return found;
  }

  private static String base(Path json) {
    return json.getFileName().toString().replaceFirst("\\.json$", "");
  }

  private CocoImage image(int imageIndex) {
    return photos.get(imageIndex).image();
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
    return photos.size();
  }

  @Override
  public String fileName(int imageIndex) {
    return photos.get(imageIndex).file.name();
  }

  @Override
  public Path path(int imageIndex) {
    return photos.get(imageIndex).file.file();
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

  /** A photo's images in the file, of which there is more than one only in merged files. */
  public List<CocoImage> images(int imageIndex) {
    return photos.get(imageIndex).images;
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
