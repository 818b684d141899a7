package dev.selvage.resize;

import dev.selvage.AtomicFile;
import dev.selvage.UserError;
import dev.selvage.data.Category;
import dev.selvage.data.LabelDescriptions;
import dev.selvage.data.PhotoFiles;
import dev.selvage.data.PhotoIntegrity;
import dev.selvage.resize.PhotoShrinker.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A dataset in Kaggle's layout made smaller once and for all, into another folder: photos first,
 * each whole or not there, and train.csv last, which makes a dataset of the folder. Interrupted, it
 * goes on with the photos that are not there yet.
 */
public final class Resizer {
  /** Says by what command a folder was begun. */
  static final String MARK = "resize.txt";

  private static final String SKIPPED = "skipped.txt";
  private static final List<String> FOLDERS = List.of("train", "test");

  private final Path source;
  private final Path target;
  private final int side;
  private final int threads;
  private final List<String> skipped = new ArrayList<>();

  /**
   * What was done.
   *
   * @param photos of train/ and test/ that the new dataset has
   * @param rows of its train.csv
   * @param skipped a line for each photo and row that is left out or damaged, which skipped.txt
   *     holds too
   */
  public record Summary(int photos, int rows, List<String> skipped) {}

  /** Called before the photos are read and after each of them. */
  public interface Progress {
    void photos(int count);

    void photo();
  }

  private record Job(Path photo, Path target) {}

  /** What became of a photo, and what is wrong with it, or null. */
  private record Done(boolean there, String problem) {}

  /**
   * Prepares.
   *
   * @param side pixels of the longest side at most
   * @param threads that read and write photos; their number changes no byte
   */
  public Resizer(Path source, Path target, int side, int threads) {
    this.source = source;
    this.target = target;
    this.side = side;
    this.threads = threads;
  }

  /**
   * Does it, or goes on.
   *
   * @throws UserError the source is no dataset, the target holds something else, or something
   *     cannot be written
   */
  public Summary run(Progress progress) {
    if (!Files.isDirectory(source)) {
      throw new UserError(
          "--data: expected a folder with train.csv and train/, found no folder %s"
              .formatted(source));
    }
    Path labels = source.resolve("label_descriptions.json");
    List<Category> categories = LabelDescriptions.read(labels);
    if (!Files.isRegularFile(source.resolve("train.csv"))) {
      throw new UserError(
          "%s: expected the masks, found no such file".formatted(source.resolve("train.csv")));
    }
    List<Job> jobs = jobs();
    begin();
    PhotoShrinker.copy(labels, target.resolve("label_descriptions.json"));
    Path submission = source.resolve("sample_submission.csv");
    if (Files.isRegularFile(submission)) {
      PhotoShrinker.copy(submission, target.resolve("sample_submission.csv"));
    }
    progress.photos(jobs.size());
    int photos = photos(jobs, progress);
    int rows = RowShrinker.write(source, target, categories, side, skipped::add);
    writeSkipped();
    return new Summary(photos, rows, List.copyOf(skipped));
  }

  private List<Job> jobs() {
    List<Job> jobs = new ArrayList<>();
    for (String folder : FOLDERS) {
      if (folder.equals("train") || hasFiles(source.resolve(folder))) {
        for (Path photo : PhotoFiles.list(source.resolve(folder), "--data")) {
          jobs.add(new Job(photo, target.resolve(folder).resolve(photo.getFileName())));
        }
      }
    }
    return jobs;
  }

  private static boolean hasFiles(Path folder) {
    try {
      return Files.isDirectory(folder) && !isEmpty(folder);
    } catch (IOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(folder, e), e);
    }
  }

  /** Makes the folder, or finds out that this very command has begun it. */
  private void begin() {
    String mark = "longest side %d, from %s\n".formatted(side, source.toAbsolutePath().normalize());
    Path file = target.resolve(MARK);
    try {
      if (Files.isRegularFile(file)) {
        String found = Files.readString(file);
        if (!found.equals(mark)) {
          throw new UserError(
              "%s: expected a new or empty folder, or one begun with %s, found one begun with %s"
                  .formatted(target, mark.strip(), found.strip()));
        }
      } else if (Files.exists(target) && !isEmpty(target)) {
        throw new UserError(
            "%s: expected a new or empty folder, or one that this command began, found something else"
                .formatted(target));
      }
      for (String folder : FOLDERS) {
        if (Files.isDirectory(source.resolve(folder))) {
          Files.createDirectories(target.resolve(folder));
        }
      }
      text(file, mark);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(target, e);
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.findAny().isEmpty();
    }
  }

  /** Makes the photos side by side and counts those that are there. */
  private int photos(List<Job> jobs, Progress progress) {
    PhotoShrinker shrinker = new PhotoShrinker(side);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    int there = 0;
    try {
      List<Future<Done>> futures = new ArrayList<>();
      jobs.forEach(job -> futures.add(pool.submit(() -> photo(job, shrinker))));
      for (Future<Done> future : futures) {
        Done done = future.get();
        there += done.there ? 1 : 0;
        if (done.problem != null) {
          skipped.add(done.problem);
        }
        progress.photo();
      }
      return there;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while making photos smaller", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a photo could not be made smaller", e.getCause());
    } finally {
      pool.shutdownNow();
      finish(pool); // so that nothing is written any more once the caller goes on
    }
  }

  private static void finish(ExecutorService pool) {
    try {
      pool.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Done photo(Job job, PhotoShrinker shrinker) {
    String name = source.relativize(job.photo).toString();
    Optional<String> damage;
    try {
      damage = PhotoIntegrity.problem(job.photo);
    } catch (IOException e) {
      return new Done(false, name + ": cannot be read, left out");
    }
    boolean there =
        Files.isRegularFile(job.target)
            || shrinker.shrink(job.photo, job.target) != Outcome.UNREADABLE;
    if (!there) {
      return new Done(false, name + ": cannot be decoded, left out");
    }
    return new Done(
        true, damage.map(d -> name + ": " + d + ", used as far as it decodes").orElse(null));
  }

  private void writeSkipped() {
    try {
      Files.deleteIfExists(target.resolve(SKIPPED));
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(target.resolve(SKIPPED), e);
    }
    if (!skipped.isEmpty()) {
      text(target.resolve(SKIPPED), String.join("\n", skipped) + "\n");
    }
  }

  private static void text(Path file, String text) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
    AtomicFile.write(
        file,
        out -> {
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
        });
  }
}
