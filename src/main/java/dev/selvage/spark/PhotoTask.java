package dev.selvage.spark;

import dev.selvage.data.image.UnusablePhoto;
import dev.selvage.util.UserError;
import dev.selvage.util.Workers;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Turns the photos of a partition into rows, in the order of the photos. While one is computed, the
 * next ones are read and decoded.
 *
 * @param weights the files of the plan
 * @param hadoop how photos are reached
 */
record PhotoTask(ModelPlan plan, List<BroadcastFile> weights, SerializableConfiguration hadoop)
    implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  /** Photos of a task that are in work at a time. */
  private static final int AHEAD = 4;

  /** Bytes of a photo's file. */
  private static final int MOST_BYTES = 1 << 30;

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "selvage-photo");
            thread.setDaemon(true);
            return thread;
          });

  @Override
  public Iterator<Row> call(Iterator<Row> photos) {
    TaskContext context = TaskContext.get();
    int cores = context.cpus();
    SharedModel model = SharedModel.enter(plan, weights, cores);
    TaskCompletionListener end = task -> SharedModel.leave(model, cores);
    context.addTaskCompletionListener(end);
    return new Rows(photos, model);
  }

  /** The rows of the photos, a few of which are always in work. */
  private final class Rows implements Iterator<Row> {
    private final Iterator<Row> photos;
    private final SharedModel model;
    private final Queue<Future<List<Row>>> ahead = new ArrayDeque<>();
    private Iterator<Row> rows = Collections.emptyIterator();

    Rows(Iterator<Row> photos, SharedModel model) {
      this.photos = photos;
      this.model = model;
    }

    @Override
    public boolean hasNext() {
      while (!rows.hasNext()) {
        while (ahead.size() < AHEAD && photos.hasNext()) {
          ahead.add(begin(photos.next()));
        }
        if (ahead.isEmpty()) {
          return false;
        }
        rows = get(ahead.remove()).iterator();
      }
      return true;
    }

    @Override
    public Row next() {
      hasNext();
      return rows.next();
    }

    private Future<List<Row>> begin(Row photo) {
      SharedModel.hold(model);
      return THREADS.submit(
          () -> {
            try {
              return rows(photo);
            } finally {
              SharedModel.release(model);
            }
          });
    }

    private List<Row> rows(Row photo) {
      String image = photo.getString(0);
      if (image == null) {
        return DetectionRows.broken(null, "has no path");
      }
      try {
        return DetectionRows.of(image, model.find(bytes(photo)), model.categories());
      } catch (UnusablePhoto e) {
        return DetectionRows.broken(image, e.getMessage());
      } catch (FileNotFoundException | AccessControlException | IllegalArgumentException e) {
        return DetectionRows.broken(image, "cannot be opened (%s)".formatted(e.getMessage()));
      } catch (IOException e) {
        throw new UserError("%s: cannot be read (%s)".formatted(image, e), e);
      }
    }
  }

  /** The file of a photo: from the second column, else from where the first one says. */
  private byte[] bytes(Row photo) throws IOException, UnusablePhoto {
    if (photo.size() > 1 && !photo.isNullAt(1)) {
      return photo.getAs(1);
    }
    Path file = new Path(photo.getString(0));
    try (FSDataInputStream in = file.getFileSystem(hadoop.value()).open(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new FileNotFoundException("expected at most %d bytes".formatted(MOST_BYTES));
      }
      return bytes;
    }
  }

  private static List<Row> get(Future<List<Row>> rows) {
    try {
      return rows.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a photo", e);
    } catch (ExecutionException e) {
      throw Workers.failure(e);
    }
  }
}
