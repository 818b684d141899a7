package dev.selvage.resize;

import dev.selvage.config.ExifMode;
import dev.selvage.data.image.PhotoIntegrity;
import dev.selvage.data.loader.Datasets;
import dev.selvage.resize.Layout.Job;
import dev.selvage.resize.PhotoResizer.Outcome;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import dev.selvage.util.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A dataset made smaller once and for all, into another folder: photos first, each whole or not
 * there, and the annotations last, which make a dataset of the folder. Interrupted, it goes on with
 * the photos that are not there yet.
 */
public final class Resizer {
  /** Says by what command a folder was begun. */
  static final String MARK = "resize.txt";

  private static final String SKIPPED = "skipped.txt";

  private final Path data;
  private final Path images;
  private final Path target;
  private final int side;
  private final int threads;
  private final PhotoResizer shrinker;
  private final List<String> skipped = new ArrayList<>();

  /**
   * What was done.
   *
   * @param photos that the new dataset has
   * @param annotations of its train.csv or COCO file
   * @param skipped a line for each photo and annotation that is left out or damaged, which
   *     skipped.txt holds too
   * @param orientations a sentence about photos with an orientation mark; empty without any
   */
  public record Summary(
      int photos, int annotations, List<String> skipped, Optional<String> orientations) {}

  /** Called before the photos are read and after each of them. */
  public interface Progress {
    void photos(int count);

    void photo();
  }

  /** What became of a photo, and what is wrong with it, or null. */
  private record Done(boolean there, String problem) {}

  /**
   * Prepares.
   *
   * @param data a folder in Kaggle's layout, one with annotations/instances_NAME.json, or such a
   *     file
   * @param images the photos of a COCO file; null looks for them
   * @param side pixels of the longest side at most
   * @param mode what an orientation mark means where the annotations do not tell
   * @param threads that read and write photos; their number changes no byte
   */
  public Resizer(Path data, Path images, Path target, int side, ExifMode mode, int threads) {
    this.data = data;
    this.images = images;
    this.target = target;
    this.side = side;
    this.threads = threads;
    shrinker = new PhotoResizer(side, mode);
  }

  /**
   * Does it, or goes on.
   *
   * @throws UserError the source is no dataset, the target holds something else, or something
   *     cannot be written
   */
  public Summary run(Progress progress) {
    Layout layout =
        Datasets.coco(data, images)
            .<Layout>map(json -> new CocoLayout(json, images))
            .orElseGet(() -> KaggleLayout.of(data));
    List<Job> jobs = layout.photos(target, skipped::add);
    begin(layout);
    progress.photos(jobs.size());
    int photos = photos(jobs, progress);
    int annotations = layout.annotations(target, side, skipped::add);
    writeSkipped();
    return new Summary(
        photos, annotations, List.copyOf(skipped), shrinker.orientations().sentence());
  }

  /** Makes the folder, or finds out that this very command has begun it. */
  private void begin(Layout layout) {
    String mark =
        "longest side %s, from %s\n".formatted(side, layout.source().toAbsolutePath().normalize());
    Path file = target.resolve(MARK);
    try {
      if (Files.isRegularFile(file)) {
        String found = Files.readString(file);
        if (!found.equals(mark)) {
          throw new UserError(
              "%s: expected a new or empty folder, or one that resize began with %s, found one that it began with %s"
                  .formatted(target, mark.strip(), found.strip()));
        }
      } else if (Files.exists(target) && !isEmpty(target)) {
        throw new UserError(
            "%s: expected a new or empty folder, or one that an interrupted resize left, found other files"
                .formatted(target));
      }
      Files.createDirectories(target);
      text(file, mark);
      layout.prepare(target);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(target, e);
    }
  }

  /** Whether a folder holds nothing but, at most, the half-written mark of a killed process. */
  static boolean isEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.allMatch(path -> path.endsWith(MARK + AtomicFile.PARTIAL));
    }
  }

  /** Makes the photos side by side and counts those that are there. */
  private int photos(List<Job> jobs, Progress progress) {
    int[] there = new int[1];
    Workers.run(
        threads,
        jobs.stream().<Supplier<Done>>map(job -> () -> photo(job)).toList(),
        done -> {
          there[0] += done.there ? 1 : 0;
          if (done.problem != null) {
            skipped.add(done.problem);
          }
          progress.photo();
        });
    return there[0];
  }

  private Done photo(Job job) {
    String name = target.relativize(job.target()).toString();
    Optional<String> damage;
    try {
      damage = PhotoIntegrity.problem(job.photo());
    } catch (IOException e) {
      return new Done(false, name + ": cannot be read, skipped");
    }
    boolean there =
        Files.isRegularFile(job.target())
            || shrinker.shrink(job.photo(), job.annotated(), job.target()) != Outcome.UNREADABLE;
    if (!there) {
      return new Done(false, name + ": " + shrinker.problem(job.photo()) + ", skipped");
    }
    return new Done(
        true, damage.map(d -> name + ": " + d + ", decoded as far as possible").orElse(null));
  }

  private void writeSkipped() {
    AtomicFile.delete(target.resolve(SKIPPED));
    if (!skipped.isEmpty()) {
      text(target.resolve(SKIPPED), String.join("\n", skipped) + "\n");
    }
  }

  private static void text(Path file, String text) {
    AtomicFile.write(file, text);
  }
}
