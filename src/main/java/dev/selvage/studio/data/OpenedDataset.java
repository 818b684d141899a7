package dev.selvage.studio.data;

import dev.selvage.data.Dataset;
import dev.selvage.data.image.PhotoFiles;
import dev.selvage.data.loader.Datasets;
import dev.selvage.util.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_imgcodecs;

/**
 * The dataset of a studio. Its annotations are read on a thread of their own, since hundreds of
 * thousands of rows take some seconds; until then the photos of Kaggle's layout can be looked at by
 * their files alone. Thread-safe.
 */
public final class OpenedDataset {
  private final Path data;
  private final Path images;
  private Dataset dataset;
  private PhotoTable table;
  private String error;

  /** Null until they are listed. */
  private List<Path> preview;

  /**
   * Begins to read.
   *
   * @param images the photos of a COCO file; null looks for them
   */
  public OpenedDataset(Path data, Path images) {
    this.data = data;
    this.images = images;
    Thread thread = new Thread(this::read, "dataset");
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    try {
      // what the first page waits for comes before the long work
      preview();
      Loader.load(opencv_imgcodecs.class);
      Dataset opened = Datasets.open(data, images);
      PhotoTable columns = PhotoTable.of(opened);
      finish(opened, columns, null);
    } catch (UserError e) {
      finish(null, null, e.getMessage());
    } catch (RuntimeException e) {
      finish(null, null, "%s: cannot be read (%s)".formatted(data, e));
      throw e;
    }
  }

  private synchronized void finish(Dataset opened, PhotoTable columns, String why) {
    dataset = opened;
    table = columns;
    error = why;
    notifyAll();
  }

  /** The path as it was given. */
  public Path data() {
    return data;
  }

  /** The folder of a COCO file's photos as it was given; null without any. */
  public Path images() {
    return images;
  }

  /** Why it cannot be used; empty while it is read, and where it can be used. */
  public synchronized Optional<String> error() {
    return Optional.ofNullable(error);
  }

  /** Whether the annotations are read. */
  public synchronized boolean isReady() {
    return dataset != null;
  }

  /**
   * The dataset.
   *
   * @throws UserError it cannot be read, or is not read yet
   */
  public synchronized Dataset dataset() {
    requireReady();
    return dataset;
  }

  /** The same after waiting until it is read. */
  public synchronized Dataset await() throws InterruptedException {
    while (dataset == null && error == null) {
      wait();
    }
    return dataset();
  }

  synchronized PhotoTable table() {
    requireReady();
    return table;
  }

  private void requireReady() {
    if (error != null) {
      throw new UserError(error);
    }
    if (dataset == null) {
      throw new UserError("%s: the annotations are still being read".formatted(data));
    }
  }

  /**
   * The files of the photos, which are known before the annotations are; empty where they are not.
   * They stay, since a page may still ask for some when the annotations are read.
   */
  synchronized List<Path> preview() {
    if (preview == null) {
      Path photos = data.resolve("train");
      preview = Files.isDirectory(photos) ? PhotoFiles.named(photos, "--data") : List.of();
    }
    return preview;
  }
}
