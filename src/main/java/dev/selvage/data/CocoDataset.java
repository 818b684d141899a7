package dev.selvage.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.selvage.UserError;
import dev.selvage.geometry.CocoSegmentation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
  /** A photo and its annotations. */
  private record Photo(CocoReader.Image image, CocoReader.Annotation[] annotations) {}

  private final ObjectMapper mapper = new ObjectMapper();
  private final MappedFile file;
  private final Path folder;
  private final List<Category> categories;
  private final Map<Integer, Integer> classOfCategory = new HashMap<>();
  private final List<Photo> photos = new ArrayList<>();

  private CocoDataset(MappedFile file, Path folder, CocoReader reader) {
    this.file = file;
    this.folder = folder;
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
    if (!Files.isRegularFile(json)) {
      throw new UserError("--data: expected COCO's annotations, found no file %s".formatted(json));
    }
    CocoReader reader = new CocoReader(json);
    reader.read();
    Path folder = images == null ? search(json, reader) : images;
    if (!Files.isDirectory(folder)) {
      throw new UserError("--images: expected a folder of photos, found none at " + folder);
    }
    try {
      CocoDataset dataset = new CocoDataset(MappedFile.open(json), folder, reader);
      dataset.gather(reader);
      return dataset;
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(json, e), e);
    }
  }

  /** The first of the usual folders that holds the file's first photo. */
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
    String first = reader.images.firstEntry().getValue().name();
    for (Path folder : folders) {
      if (PhotoFiles.named(folder, first).isPresent()) {
        return folder;
      }
    }
    throw new UserError(
        "--images: expected the photos in one of %s, found no %s in them"
            .formatted(folders, first));
  }

  private void gather(CocoReader reader) throws IOException {
    Map<Long, List<CocoReader.Annotation>> good = new HashMap<>();
    for (CocoReader.Image image : reader.images.values()) {
      try {
        check(image);
        good.put(image.id(), new ArrayList<>());
      } catch (UserError e) {
        reader.badImages.add("image " + image.id(), e.getMessage());
      }
    }
    for (CocoReader.Annotation a : reader.annotations) {
      CocoReader.Image image = reader.images.get(a.image());
      try {
        if (image == null) {
          throw new UserError("image_id must be an image's, found " + a.image());
        }
        if (!classOfCategory.containsKey(a.category())) {
          throw new UserError("category_id must be a category's, found " + a.category());
        }
        CocoSegmentation.requireFit(
            a.height(), a.width(), a.reach(), image.size().height(), image.size().width());
        if (good.containsKey(a.image())) { // annotations go with an image that is left out
          good.get(a.image()).add(a);
        }
      } catch (UserError e) {
        reader.badAnnotations.add("annotation " + a.id(), e.getMessage());
      }
    }
    reader.badImages.judge(reader.imageCount).forEach(System.err::println);
    reader.badAnnotations.judge(reader.annotationCount).forEach(System.err::println);
    good.forEach(
        (id, list) ->
            photos.add(
                new Photo(reader.images.get(id), list.toArray(CocoReader.Annotation[]::new))));
    photos.sort(Comparator.comparing((Photo p) -> p.image.name()).thenComparing(p -> p.image.id()));
    if (photos.isEmpty()) {
      throw new UserError("%s: expected at least one image, found none".formatted(file.path()));
    }
  }

  private void check(CocoReader.Image image) throws IOException {
    Path path =
        PhotoFiles.named(folder, image.name())
            .orElseThrow(
                () ->
                    new UserError(
                        "file_name must name a photo of %s, found %s, which is not there"
                            .formatted(folder, image.name())));
    Optional<PhotoSize> stored = PhotoSize.read(path);
    if (stored.isPresent() && !stored.get().equals(image.size())) {
      throw new UserError(
          "height and width must be those of %s, %d and %d, found %d and %d"
              .formatted(
                  image.name(),
                  stored.get().height(),
                  stored.get().width(),
                  image.size().height(),
                  image.size().width()));
    }
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
  public String fileName(int image) {
    return photos.get(image).image.name();
  }

  @Override
  public Path path(int image) {
    return folder.resolve(fileName(image));
  }

  @Override
  public int height(int image) {
    return photos.get(image).image.size().height();
  }

  @Override
  public int width(int image) {
    return photos.get(image).image.size().width();
  }

  @Override
  public int[] classIds(int image) {
    return Arrays.stream(photos.get(image).annotations)
        .filter(a -> !a.crowd())
        .mapToInt(a -> classOfCategory.get(a.category()))
        .toArray();
  }

  @Override
  public List<Instance> instances(int image) {
    Photo photo = photos.get(image);
    List<Instance> instances = new ArrayList<>(photo.annotations.length);
    for (CocoReader.Annotation a : photo.annotations) {
      byte[] text = new byte[a.length()];
      file.read(a.at(), text, 0, text.length);
      try {
        CocoSegmentation mask = CocoSegmentation.of(mapper.readTree(text));
        instances.add(
            new Instance(
                classOfCategory.get(a.category()),
                mask.mask(photo.image.size().height(), photo.image.size().width()),
                a.crowd()));
      } catch (IOException | UserError e) {
        throw new UserError(
            "%s annotation %d: expected the file as it was when it was opened, found another mask (%s)"
                .formatted(file.path(), a.id(), e.getMessage()),
            e);
      }
    }
    return instances;
  }
}
