package dev.selvage.cli;

import dev.selvage.inspect.Inspector;
import dev.selvage.resize.Resizer;

/** A {@link PhotoProgress} that begins when the number of photos is known. */
final class LazyPhotoProgress implements Inspector.Progress, Resizer.Progress, AutoCloseable {
  private final String task;
  private PhotoProgress progress;

  LazyPhotoProgress(String task) {
    this.task = task;
  }

  @Override
  public void photos(int count) {
    progress = new PhotoProgress(task, count);
  }

  @Override
  public void photo() {
    progress.step();
  }

  @Override
  public void close() {
    if (progress != null) {
      progress.close();
    }
  }
}
