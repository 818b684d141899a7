package dev.selvage.run;

import dev.selvage.config.ConfigReader;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The names of a run's files. A folder is a run as soon as it has a config.json.
 *
 * @param dir the folder
 * @param name NAME of the run's settings, in small letters as Matterport writes it
 */
public record RunFolder(Path dir, String name) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmm");

  private static final Pattern STATE = Pattern.compile("state_(\\d{4,})\\.safetensors");

  /** A run that exists; empty where the folder holds none. */
  public static Optional<RunFolder> open(Path dir) {
    Path config = dir.resolve("config.json");
    return Files.isRegularFile(config)
        ? Optional.of(of(dir, ConfigReader.read(null, config, List.of()).NAME))
        : Optional.empty();
  }

  /**
   * The run that was begun or continued last.
   *
   * @param runs the folder of all runs
   * @param name NAME of the run, or null for any
   * @throws UserError a folder, or the settings of that run, cannot be read
   */
  public static Optional<RunFolder> last(Path runs, String name) {
    if (!Files.isDirectory(runs)) {
      return Optional.empty();
    }
    return list(runs).stream()
        .flatMap(dir -> FoundRun.in(dir).stream())
        .filter(run -> name == null || run.mayBe(name))
        .max(FoundRun.BY_START)
        .flatMap(run -> open(run.dir()));
  }

  /**
   * Makes a folder for a new run, which no other process gets: NAME, the time in UTC, and a number
   * where several runs begin in the same minute.
   *
   * @throws UserError it cannot be made
   */
  public static Path makeFresh(Path runs, String name) {
    String base = name.toLowerCase(Locale.ROOT) + TIME.format(LocalDateTime.now(ZoneOffset.UTC));
    try {
      Files.createDirectories(runs);
      for (int i = 1; ; i++) {
        try {
          return Files.createDirectory(runs.resolve(i == 1 ? base : base + "-" + i));
        } catch (FileAlreadyExistsException e) {
          // the run of another process
        }
      }
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(runs, e);
    }
  }

  /** A folder at a given path, whether or not it exists. */
  public static RunFolder of(Path dir, String name) {
    return new RunFolder(dir, name.toLowerCase(Locale.ROOT));
  }

  /** Settings, and what {@link RunInfo} holds. */
  public Path config() {
    return dir.resolve("config.json");
  }

  /** The weights after an epoch, in Keras' layout. */
  public Path checkpoint(int epoch) {
    return dir.resolve(String.format(Locale.ROOT, "mask_rcnn_%s_%04d.h5", name, epoch));
  }

  /** The weights of the epoch with the best validation mask AP, see EVAL_EVERY. */
  public Path best() {
    return dir.resolve("mask_rcnn_%s_best.h5".formatted(name));
  }

  /**
   * What a continuation needs in addition to the weights; written last, so that it ends the epoch.
   */
  public Path state(int epoch) {
    return dir.resolve(String.format(Locale.ROOT, "state_%04d.safetensors", epoch));
  }

  /** The state of a run that was stopped in the middle of an epoch, weights included. */
  public Path midEpoch() {
    return dir.resolve("state_midway.safetensors");
  }

  /** One row per epoch, see {@link RunLog}. */
  public Path log() {
    return dir.resolve("log.csv");
  }

  /** Why the training ended, where its launcher was gone and nobody could be told. */
  public Path lastWords() {
    return dir.resolve("last_words.txt");
  }

  /** A page that compares the training photos with those held out, written when the run begins. */
  public Path splitPage() {
    return dir.resolve("split.html");
  }

  /** The one TensorBoard file of the run. */
  public Path events() {
    return files()
        .filter(file -> fileName(file).startsWith("events.out.tfevents."))
        .filter(file -> !fileName(file).endsWith(AtomicFile.PARTIAL))
        .findFirst()
        .orElseGet(
            () ->
                dir.resolve(
                    "events.out.tfevents." + System.currentTimeMillis() / 1000 + ".selvage"));
  }

  /** The last epoch that has both of its files. */
  public OptionalInt lastComplete() {
    return complete().findFirst();
  }

  /** Epochs that have both of their files, the last first. */
  public IntStream complete() {
    return files()
        .map(file -> STATE.matcher(fileName(file)))
        .filter(Matcher::matches)
        .mapToInt(matcher -> Integer.parseInt(matcher.group(1)))
        .filter(epoch -> Files.isRegularFile(checkpoint(epoch)))
        .boxed()
        .sorted(Comparator.reverseOrder())
        .mapToInt(Integer::intValue);
  }

  /** Files that were being written when a run was killed. */
  public List<Path> halfWritten() {
    return files().filter(file -> fileName(file).endsWith(AtomicFile.PARTIAL)).toList();
  }

  private Stream<Path> files() {
    return list(dir).stream();
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw new UserError("%s: cannot be read (%s)".formatted(folder, e), e);
    }
  }

  private static String fileName(Path file) {
    return file.getFileName().toString();
  }
}
