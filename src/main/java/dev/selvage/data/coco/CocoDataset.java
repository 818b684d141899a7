package dev.selvage.data.coco;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.coco.CocoErrorHandler;
import dev.selvage.coco.CocoReader;
import dev.selvage.data.Category;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import dev.selvage.data.InvalidRowPolicy;
import dev.selvage.data.MappedFile;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.mask.CocoSegmentation;
import dev.selvage.mask.Rle;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A COCO annotation file and a folder of photos. Masks are read from the file when they are asked
 * for. Images without annotations are photos without objects.
 */
public final class CocoDataset implements Dataset {
  /** Few in a big file are said and skipped, more are an error. */
  private record Judged(InvalidRowPolicy images, InvalidRowPolicy annotations)
      implements CocoErrorHandler {
    @Override
    public void image(CocoErrorHandler.Kind kind, String place, String problem) {
      images.add(place, problem);
    }

    @Override
    public void annotation(CocoErrorHandler.Kind kind, String place, String problem) {
      annotations.add(place, problem);
    }
  }

  /** A photo and its annotations. */
  private record Photo(CocoReader.Image image, CocoReader.Annotation[] annotations) {}

  private final ObjectMapper mapper = new ObjectMapper();
  private final MappedFile file;
  private final Path folder;
  private final int imageEntries;
  private final int annotationEntries;
  private final List<Category> categories;
  private final Map<Integer, Integer> classOfCategory = new HashMap<>();
  private final List<Photo> photos = new ArrayList<>();

  private CocoDataset(MappedFile file, Path folder, CocoReader reader) {
    this.file = file;
    this.folder = folder;
    imageEntries = reader.imageCount;
    annotationEntries = reader.annotationCount;
    categories = List.copyOf(reader.categories);
    for (int i = 0; i < categories.size(); i++) {
      classOfCategory.put(categories.get(i).id(), i + 1);
    }
  }

  /**
   * Reads and checks the file and looks for its photos; what is skipped is listed on stderr.
   *
   * @param images the folder with the photos; null looks in those where COCO has them
   * @throws UserError anything missing or malformed, with the image's or annotation's id
   */
  public static CocoDataset open(Path json, Path images) {
    Judged bad =
        new Judged(new InvalidRowPolicy(json, "images"), new InvalidRowPolicy(json, "annotations"));
    CocoDataset dataset = open(json, images, bad);
    bad.images.judge(dataset.imageEntries).forEach(System.err::println);
    bad.annotations.judge(dataset.annotationEntries).forEach(System.err::println);
    if (dataset.photos.isEmpty()) {
      throw new UserError("%s: expected at least one image, found none".formatted(json));
    }
    return dataset;
  }

  /**
   * The same whatever share of the entries cannot be used; there may be no photo left.
   *
   * @throws UserError the file is no JSON, lacks a part or has a bad category, or there is no
   *     folder of photos
   */
  public static CocoDataset open(Path json, Path images, CocoErrorHandler problems) {
    if (!Files.isRegularFile(json)) {
      throw new UserError("--data: expected COCO's annotations, found no file %s".formatted(json));
    }
    CocoReader reader = new CocoReader(json, problems);
    reader.read();
    Path folder = images == null ? search(json, reader) : images;
    if (!Files.isDirectory(folder)) {
      throw new UserError("--images: expected a folder of photos, found none at " + folder);
    }
    try {
      CocoDataset dataset = new CocoDataset(MappedFile.open(json), folder, reader);
      dataset.gather(reader, problems);
      return dataset;
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(json, e), e);
    }
  }

  /** The first of the usual folders that holds the first photo that is in any of them. */
  private static Path search(Path json, CocoReader reader) {
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
    if (reader.images.isEmpty()) {
      throw new UserError("%s: expected at least one image, found none".formatted(json));
    }
    for (CocoReader.Image image : reader.images.values()) { // the first ones may be missing
      for (Path folder : folders) {
        if (PhotoFiles.named(folder, image.name()).isPresent()) {
          return folder;
        }
      }
    }
    throw new UserError(
        "--images: expected the photos in one of %s, found no %s in them"
            .formatted(folders, reader.images.firstEntry().getValue().name()));
  }

  private void gather(CocoReader reader, CocoErrorHandler problems) throws IOException {
    Map<Long, List<CocoReader.Annotation>> good = new HashMap<>();
    for (CocoReader.Image image : reader.images.values()) {
      if (isGood(image, problems)) {
        good.put(image.id(), new ArrayList<>());
      }
    }
    for (CocoReader.Annotation a : reader.annotations) {
      CocoReader.Image image = reader.images.get(a.image());
      boolean leftOut = image != null && !good.containsKey(a.image()); // which is said already
      if (!leftOut && isGood(a, image, problems)) {
        good.get(a.image()).add(a);
      }
    }
    good.forEach(
        (id, list) ->
            photos.add(
                new Photo(reader.images.get(id), list.toArray(CocoReader.Annotation[]::new))));
    photos.sort(Comparator.comparing((Photo p) -> p.image.name()).thenComparing(p -> p.image.id()));
  }

  private boolean isGood(
      CocoReader.Annotation a, CocoReader.Image image, CocoErrorHandler problems) {
    String place = "annotation " + a.id();
    if (image == null) {
      problems.annotation(
          CocoErrorHandler.Kind.IMAGE_ID, place, "image_id must be an image's, found " + a.image());
      return false;
    }
    if (!classOfCategory.containsKey(a.category())) {
      problems.annotation(
          CocoErrorHandler.Kind.CATEGORY_ID,
          place,
          "category_id must be a category's, found " + a.category());
      return false;
    }
    try {
      PhotoSize size = image.size();
      CocoSegmentation.requireFit(a.height(), a.width(), a.reach(), size.height(), size.width());
      return true;
    } catch (UserError e) {
      problems.annotation(CocoErrorHandler.Kind.SIZE, place, e.getMessage());
      return false;
    }
  }

  private boolean isGood(CocoReader.Image image, CocoErrorHandler problems) throws IOException {
    String place = "image " + image.id();
    Optional<Path> path = PhotoFiles.named(folder, image.name());
    if (path.isEmpty()) {
      problems.image(
          CocoErrorHandler.Kind.MISSING,
          place,
          "file_name must name a photo of %s, found %s, which is not there"
              .formatted(folder, image.name()));
      return false;
    }
    Optional<PhotoSize> stored = PhotoSize.read(path.get());
    if (stored.isPresent() && !stored.get().equals(image.size())) {
      problems.image(
          CocoErrorHandler.Kind.SIZE,
          place,
          "height and width must be those of %s, %d and %d, found %d and %d"
              .formatted(
                  image.name(),
                  stored.get().height(),
                  stored.get().width(),
                  image.size().height(),
                  image.size().width()));
      return false;
    }
    return true;
  }

  private static String base(Path json) {
    return json.getFileName().toString().replaceFirst("\\.json$", "");
  }

  @Override
  public String name() {
    return base(file.path());
  }

  @Override
  public List<Category> categories() {
    return categories;
  }

  @Override
  public int size() {
    return photos.size();
  }

  @Override
  public String fileName(int imageIndex) {
    return photos.get(imageIndex).image.name();
  }

  @Override
  public Path path(int imageIndex) {
    return folder.resolve(fileName(imageIndex));
  }

  @Override
  public int height(int imageIndex) {
    return photos.get(imageIndex).image.size().height();
  }

  @Override
  public int width(int imageIndex) {
    return photos.get(imageIndex).image.size().width();
  }

  @Override
  public int[] classIds(int imageIndex) {
    return Arrays.stream(photos.get(imageIndex).annotations)
        .filter(a -> !a.crowd())
        .mapToInt(a -> classOfCategory.get(a.category()))
        .toArray();
  }

  @Override
  public List<Instance> instances(int imageIndex) {
    Photo photo = photos.get(imageIndex);
    List<Instance> instances = new ArrayList<>(photo.annotations.length);
    for (CocoReader.Annotation a : photo.annotations) {
      byte[] text = new byte[a.length()];
      file.read(a.at(), text, 0, text.length);
      try {
        Rle mask =
            CocoSegmentation.of(mapper.readTree(text))
                .mask(photo.image.size().height(), photo.image.size().width());
        instances.add(new Instance(classOfCategory.get(a.category()), mask, a.crowd()));
      } catch (IOException | UserError e) {
        throw new UserError(
            "%s annotation %d: expected the file as it was when it was opened, found another mask (%s)"
                .formatted(file.path(), a.id(), e.getMessage()),
            e);
      }
    }
    return instances;
  }

  /** The annotation file. */
  public Path file() {
    return file.path();
  }

  /** The folder of the photos. */
  public Path folder() {
    return folder;
  }

  /** How many annotations the file has, those included that cannot be used. */
  public int annotations() {
    return annotationEntries;
  }

  /** The id of a photo in the file. */
  public long imageId(int imageIndex) {
    return photos.get(imageIndex).image.id();
  }

  /** For each of a photo's instances the id of its annotation in the file. */
  public long[] annotationIds(int imageIndex) {
    return Arrays.stream(photos.get(imageIndex).annotations)
        .mapToLong(CocoReader.Annotation::id)
        .toArray();
  }

  /** The places of the annotations that can be used, among all of the file from 0. */
  public BitSet usable() {
    BitSet usable = new BitSet(annotationEntries);
    photos.forEach(photo -> Arrays.stream(photo.annotations).forEach(a -> usable.set(a.entry())));
    return usable;
  }
}
