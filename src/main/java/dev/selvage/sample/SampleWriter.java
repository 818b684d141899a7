package dev.selvage.sample;

import dev.selvage.mask.KaggleRle;
import dev.selvage.sample.label.Label;
import dev.selvage.sample.paint.RandomChoices;
import dev.selvage.sample.scene.Scene;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
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
    opencv_core.setNumThreads(1); // the photos are made in parallel
    Files.createDirectory(folder.resolve(TRAIN));
    Files.createDirectory(folder.resolve(TEST));
    List<Supplier<String>> photos = new ArrayList<>();
    for (int i = 1; i <= images + tests(images); i++) {
      int photo = i;
      photos.add(() -> photo(photo));
    }
    List<String> made = new ArrayList<>();
    Workers.run(Runtime.getRuntime().availableProcessors(), photos, made::add);
    StringBuilder rows = new StringBuilder("ImageId,EncodedPixels,Height,Width,ClassId\n");
    made.subList(0, images).forEach(rows::append);
    AtomicFile.write(folder.resolve(ROWS), rows.toString());
    StringBuilder submission = new StringBuilder("ImageId,EncodedPixels,ClassId\n");
    for (int i = images + 1; i <= made.size(); i++) {
      submission.append(name(i)).append(",1 1,0\n");
    }
    AtomicFile.write(folder.resolve(SUBMISSION), submission.toString());
  }

  /** Draws one photo, writes it and gives its rows. */
  private String photo(int index) {
    Scene.Photo photo = Scene.photo(new RandomChoices(seed, index));
    Path file = folder.resolve(index <= images ? TRAIN : TEST).resolve(name(index));
    AtomicFile.write(file, ByteBuffer.wrap(photo.jpeg()));
    StringBuilder rows = new StringBuilder();
    for (Label label : photo.labels()) {
      rows.append(name(index)).append(',').append(KaggleRle.write(label.mask()));
      for (int value : new int[] {photo.height(), photo.width(), label.kind().id}) {
        rows.append(',').append(value);
      }
      label.attributes().forEach(id -> rows.append('_').append(id));
      rows.append('\n');
    }
    return rows.toString();
  }

  private static int tests(int images) {
    return Math.min(20, 2 + images / 40);
  }

  private static String name(int index) {
    return String.format(Locale.ROOT, "%04d.jpg", index);
  }
}
