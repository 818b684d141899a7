package dev.selvage.studio.data;

import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.inspect.Finding;
import dev.selvage.inspect.Inspector;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Inspects the dataset once, on a thread of its own, when it is asked for: it reads every photo.
 * Thread-safe.
 */
final class InspectionJob {
  /**
   * One kind of problem.
   *
   * @param photos of the dataset that it is about
   */
  record Found(Finding finding, BitSet photos) {}

  /** What the job is doing. */
  enum State {
    NOT_STARTED,
    RUNNING,
    DONE,
    FAILED
  }

  private final Path data;
  private final Path images;
  private final Config config;
  private State state = State.NOT_STARTED;
  private int photos;
  private int seen;
  private String error = "";
  private List<Found> findings = List.of();

  /**
   * A job that has not started.
   *
   * @param images the photos of a COCO file; null looks for them
   * @param config says how large the model sees the photos
   */
  InspectionJob(Path data, Path images, Config config) {
    this.data = data;
    this.images = images;
    this.config = config;
  }

  /** Starts, unless it has been started before. */
  synchronized void start(Dataset dataset) {
    if (state == State.NOT_STARTED) {
      state = State.RUNNING;
      Thread thread = new Thread(() -> run(dataset), "inspect");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run(Dataset dataset) {
    try {
      Inspector inspector = new Inspector(data, images, config, 1);
      List<Finding> found = inspector.inspect(0, 1, new Seen()).findings();
      finish(State.DONE, located(found, dataset), "");
    } catch (UserError e) {
      finish(State.FAILED, List.of(), e.getMessage());
    } catch (RuntimeException e) {
      finish(State.FAILED, List.of(), "the inspection has failed: " + e);
      throw e;
    }
  }

  private synchronized void finish(State end, List<Found> found, String why) {
    state = end;
    findings = found;
    error = why;
    notifyAll();
  }

  /** Waits until it has ended. */
  synchronized void await() throws InterruptedException {
    while (state == State.RUNNING) {
      wait();
    }
  }

  private static List<Found> located(List<Finding> findings, Dataset dataset) {
    Map<String, Integer> indices = new HashMap<>();
    for (int i = 0; i < dataset.size(); i++) {
      indices.put(dataset.fileName(i), i);
    }
    List<Found> found = new ArrayList<>();
    for (Finding finding : findings) {
      BitSet photos = new BitSet();
      for (String name : finding.photos()) {
        if (indices.containsKey(name)) {
          photos.set(indices.get(name));
        }
      }
      found.add(new Found(finding, photos));
    }
    return found;
  }

  private final class Seen implements Inspector.Progress {
    @Override
    public void photos(int count) {
      synchronized (InspectionJob.this) {
        photos = count;
      }
    }

    @Override
    public void photo() {
      synchronized (InspectionJob.this) {
        seen++;
      }
    }
  }

  synchronized State state() {
    return state;
  }

  /** How many photos there are to read; 0 until this is known. */
  synchronized int photos() {
    return photos;
  }

  /** How many of them are read. */
  synchronized int seen() {
    return seen;
  }

  /** Why it has failed; else empty. */
  synchronized String error() {
    return error;
  }

  /** What was found, the worst first; empty until it is done. */
  synchronized List<Found> findings() {
    return findings;
  }
}
