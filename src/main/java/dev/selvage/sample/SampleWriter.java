package dev.selvage.sample;

import dev.selvage.geometry.KagglePairs;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bytedeco.opencv.global.opencv_core;

/** Writes photos and rows. */
final class SampleWriter {
  private static final String TRAIN = "train";
  private static final String TEST = "test";
  private static final String ROWS = "train.csv";
  private static final String SUBMISSION = "sample_submission.csv";

  private final Path folder;
  private final int images;
  private final long seed;

  SampleWriter(Path folder, int images, long seed) {
    this.folder = folder;
    this.images = images;
    this.seed = seed;
  }

  /** Whether a folder has all that {@link #write} makes. */
  static boolean isWhole(Path folder, int images) {
    for (int i = 1; i <= images; i++) {
      if (!Files.isRegularFile(folder.resolve(TRAIN).resolve(name(i)))) {
        return false;
      }
    }
    for (int i = images + 1; i <= images + tests(images); i++) {
      if (!Files.isRegularFile(folder.resolve(TEST).resolve(name(i)))) {
        return false;
      }
    }
    return Files.isRegularFile(folder.resolve(ROWS))
        && Files.isRegularFile(folder.resolve(SUBMISSION));
  }

  void write() throws IOException {
    opencv_core.setNumThreads(1); // the photos themselves are made side by side
    Files.createDirectory(folder.resolve(TRAIN));
    Files.createDirectory(folder.resolve(TEST));
    ExecutorService workers =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try (BufferedWriter rows = Files.newBufferedWriter(folder.resolve(ROWS));
        BufferedWriter submission = Files.newBufferedWriter(folder.resolve(SUBMISSION))) {
      rows.write("ImageId,EncodedPixels,Height,Width,ClassId\n");
      submission.write("ImageId,EncodedPixels,ClassId\n");
      List<Future<String>> made = new ArrayList<>();
      for (int i = 1; i <= images + tests(images); i++) {
        int photo = i;
        Callable<String> work = () -> photo(photo);
        made.add(workers.submit(work));
      }
      for (int i = 1; i <= made.size(); i++) {
        String text = take(made.get(i - 1));
        if (i <= images) {
          rows.write(text);
        } else {
          submission.write(name(i) + ",1 1,0\n");
        }
      }
    } finally {
      workers.shutdownNow();
      finish(workers); // so that nothing is written any more where the folder is removed
    }
  }

  private static void finish(ExecutorService workers) {
    try {
      workers.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Draws one photo, writes it and gives its rows. */
  private String photo(int index) throws IOException {
    Photo photo = Scene.photo(new Dice(seed, index));
    Files.write(folder.resolve(index <= images ? TRAIN : TEST).resolve(name(index)), photo.jpeg());
    StringBuilder rows = new StringBuilder();
    for (Label label : photo.labels()) {
      rows.append(name(index)).append(',').append(KagglePairs.write(label.mask()));
      for (int value : new int[] {photo.height(), photo.width(), label.kind().id}) {
        rows.append(',').append(value);
      }
      label.attributes().forEach(id -> rows.append('_').append(id));
      rows.append('\n');
    }
    return rows.toString();
  }

  private static String take(Future<String> rows) throws IOException {
    try {
      return rows.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int tests(int images) {
    return Math.min(20, 2 + images / 40);
  }

  private static String name(int index) {
    return String.format(Locale.ROOT, "%04d.jpg", index);
  }
}
