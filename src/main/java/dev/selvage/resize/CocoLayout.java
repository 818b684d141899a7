package dev.selvage.resize;

import dev.selvage.data.coco.CocoDataset;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** A COCO annotation file, which becomes annotations/instances_NAME.json and NAME/. */
final class CocoLayout implements Layout {
  private final CocoDataset dataset;
  private final String name;
  private final List<String> problems = new ArrayList<>();

  /** Throws {@link UserError} where it is no such file or its photos are nowhere. */
  CocoLayout(Path json, Path images) {
    dataset =
        CocoDataset.open(
            json,
            images,
            (fault, place, problem) ->
                problems.add("%s %s: %s".formatted(json.getFileName(), place, problem)));
    name = dataset.name().replaceFirst("^instances_", "");
  }

  @Override
  public Path source() {
    return dataset.file();
  }

  @Override
  public List<Job> photos(Path target, Consumer<String> skipped) {
    problems.forEach(skipped);
    Map<Path, Job> jobs = new LinkedHashMap<>(); // two images may share a photo
    for (int i = 0; i < dataset.size(); i++) {
      if (PhotoFiles.isPhoto(dataset.path(i))) {
        PhotoSize size = new PhotoSize(dataset.height(i), dataset.width(i));
        Path small = target.resolve(name).resolve(dataset.fileName(i)).normalize();
        jobs.putIfAbsent(small, new Job(dataset.path(i), Optional.of(size), small));
      } else {
        skipped.accept(dataset.fileName(i) + ": not the name of a photo, skipped");
      }
    }
    if (jobs.isEmpty()) {
      throw new UserError(
          "%s: expected at least one valid image, found none".formatted(dataset.file()));
    }
    return List.copyOf(jobs.values());
  }

  @Override
  public void prepare(Path target) throws IOException {
    Set<Path> folders = new TreeSet<>();
    for (int i = 0; i < dataset.size(); i++) {
      folders.add(target.resolve(name).resolve(dataset.fileName(i)).normalize().getParent());
    }
    for (Path folder : folders) {
      Files.createDirectories(folder);
    }
    Files.createDirectories(target.resolve("annotations"));
  }

  @Override
  public int annotations(Path target, int side, Consumer<String> skipped) {
    Path json = target.resolve("annotations").resolve("instances_" + name + ".json");
    return new CocoResizer(dataset, target.resolve(name), side, skipped).write(json);
  }
}
