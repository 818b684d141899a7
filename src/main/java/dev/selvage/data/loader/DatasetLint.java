package dev.selvage.data.loader;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.Instance;
import dev.selvage.data.image.OrientationTally;
import dev.selvage.data.image.PhotoFailures;
import dev.selvage.data.image.PhotoHeader;
import dev.selvage.data.image.PhotoSize;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds problems of a dataset before a run. It reads only the header of each photo, about 10,000
 * photos per second. The command {@code inspect} reads everything.
 */
public final class DatasetLint {
  /** Photos of one kind that are named. */
  private static final int NAMED = 3;

  /** Photos with one fault. */
  private static final class Kind {
    private final String title;
    private final List<String> named = new ArrayList<>();
    private int count;

    Kind(String title) {
      this.title = title;
    }

    void add(String example) {
      count++;
      if (named.size() < NAMED) {
        named.add(example);
      }
    }

    String line() {
      return "%s: %d (%s%s)"
          .formatted(title, count, String.join("; ", named), count > named.size() ? "; ..." : "");
    }
  }

  private final Kind unusable = new Kind("photos that training will skip");
  private final Kind headless = new Kind("photos whose size cannot be read from the header");
  private final Kind crowded;
  private final Dataset dataset;
  private final Config config;
  private final OrientationTally orientations;

  private DatasetLint(Dataset dataset, Config config) {
    this.dataset = dataset;
    this.config = config;
    orientations = new OrientationTally(config.EXIF_ORIENTATION);
    crowded =
        new Kind(
            "photos with more than MAX_GT_INSTANCES = %d objects; training uses only that many of them"
                .formatted(config.MAX_GT_INSTANCES));
  }

  /**
   * Checks every photo's file and number of objects.
   *
   * @return lines for the user; empty where there is nothing to say
   * @throws UserError too many photos cannot be used, so that the run would end early
   */
  public static List<String> check(Dataset dataset, Config config) {
    DatasetLint lint = new DatasetLint(dataset, config);
    PhotoFailures failures = new PhotoFailures(dataset.size(), line -> {});
    int[] objects = new int[dataset.categories().size() + 1];
    for (int imageIndex = 0; imageIndex < dataset.size(); imageIndex++) {
      Optional<String> problem = lint.problem(imageIndex);
      if (problem.isPresent()) {
        failures.add(dataset.fileName(imageIndex), problem.get());
        lint.unusable.add(problem.get());
      }
      List<Instance> instances = dataset.instances(imageIndex);
      instances.forEach(instance -> objects[instance.classId()]++);
      if (instances.size() > config.MAX_GT_INSTANCES) {
        lint.crowded.add("%s: %d".formatted(dataset.fileName(imageIndex), instances.size()));
      }
    }
    failures.requireFew();
    return lint.lines(objects);
  }

  /** Why a photo cannot be used, in a sentence that names it. */
  private Optional<String> problem(int imageIndex) {
    Path file = dataset.path(imageIndex);
    PhotoSize expected = new PhotoSize(dataset.height(imageIndex), dataset.width(imageIndex));
    try {
      if (!Files.isRegularFile(file) || Files.size(file) == 0) {
        return Optional.of("%s: expected a photo, found no file or an empty one".formatted(file));
      }
      Optional<PhotoHeader> header = PhotoHeader.read(file);
      if (header.isEmpty()) {
        headless.add(dataset.fileName(imageIndex));
      } else if (!header.get().fits(expected)) {
        return Optional.of(
            "%s: expected a photo of height %d and width %d, found %d and %d"
                .formatted(
                    file,
                    expected.height(),
                    expected.width(),
                    header.get().stored().height(),
                    header.get().stored().width()));
      }
      header.ifPresent(h -> orientations.add(file, h, Optional.of(expected)));
      ResizePlan.of(config, expected.height(), expected.width(), null);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("%s: cannot be read (%s)".formatted(file, e));
    } catch (UserError e) {
      return Optional.of("%s: %s".formatted(file, e.getMessage()));
    }
  }

  private List<String> lines(int[] objects) {
    Kind absent = new Kind("categories without an object; the model cannot learn them");
    for (int c = 1; c < objects.length; c++) {
      if (objects[c] == 0) {
        absent.add(dataset.categories().get(c - 1).name());
      }
    }
    Stream<String> kinds =
        Stream.of(unusable, headless, crowded, absent)
            .filter(kind -> kind.count > 0)
            .map(Kind::line);
    return Stream.concat(kinds, orientations.sentence().stream())
        .map(line -> "%s: %s".formatted(dataset.name(), line))
        .toList();
  }
}
