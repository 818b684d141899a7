package dev.selvage.data.loader;

import dev.selvage.config.Augmentation;
import dev.selvage.config.Config;
import dev.selvage.data.Dataset;
import dev.selvage.data.SeededSampling;
import dev.selvage.data.image.PhotoFailures;
import dev.selvage.data.image.Photos;
import dev.selvage.data.image.ResizePlan;
import dev.selvage.util.UserError;
import dev.selvage.util.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Prepares batches ahead of the training loop on threads of its own. The photos come in an endless
 * sequence of positions; the photo at a position depends only on the seed and the position, so the
 * number of threads changes nothing and a run can go on from any position. Photos that fail are
 * reported once and skipped, see {@link PhotoFailures}; with SKIP_EMPTY_PHOTOS, photos without
 * objects are skipped too. Several loaders can share the batches: each prepares its own, see {@link
 * PhotoShare}. Used by one thread.
 */
public final class BatchLoader implements AutoCloseable {
  private static final AtomicInteger LOADERS = new AtomicInteger();

  private final Dataset dataset;
  private final TrainingExampleBuilder builder;
  private final PhotoFailures failures;
  private final EpochSampler order;
  private final long seed;
  private final boolean skipsEmpty;
  private final int batchSize;
  private final int ahead;
  private final ExecutorService threads;
  private final PhotoShare share;
  private final PhotoDeal deal;

  /** What is prepared or being prepared, by position. */
  private final Map<Long, Future<TrainingExample>> queue = new HashMap<>();

  private volatile int generation;
  private Augmentation augmentation = Augmentation.NONE;

  /** Batches of the round under way that are taken; none where it has to be settled first. */
  private int taken;

  private Batch upcoming;
  private long upcomingBegin;
  private long stallNanos;
  private boolean closed;

  private BatchLoader(
      Dataset dataset,
      EpochSampler order,
      Config config,
      long seed,
      PhotoShare share,
      int threadCount,
      int batchesAhead) {
    if (order.size() == 0) {
      throw new UserError("expected at least one photo to load, found none");
    }
    this.dataset = dataset;
    this.order = order;
    this.seed = seed;
    failures = new PhotoFailures(order.size(), System.err::println);
    Photos photos = failures.photos(config.EXIF_ORIENTATION);
    builder = new TrainingExampleBuilder(dataset, config, photos, order.images());
    skipsEmpty = config.SKIP_EMPTY_PHOTOS;
    batchSize = config.IMAGES_PER_GPU;
    this.share = share;
    deal = new PhotoDeal(batchSize, share);
    ahead = batchSize * batchesAhead;
    String name = "loader-" + LOADERS.incrementAndGet();
    threads =
        Executors.newFixedThreadPool(
            threadCount,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Visits the photos in an order that is shuffled again for each pass, those of rare classes more
   * often where REPEAT_THRESHOLD says so.
   *
   * @param images image indices in the dataset
   * @param threads at least 1
   * @param batchesAhead bound of the queue, at least 1
   */
  public static BatchLoader training(
      Dataset dataset, int[] images, Config config, long seed, int threads, int batchesAhead) {
    return training(dataset, images, config, seed, PhotoShare.ALL, threads, batchesAhead);
  }

  /**
   * The same for a share of the batches.
   *
   * @param share the others have the same rounds
   */
  public static BatchLoader training(
      Dataset dataset,
      int[] images,
      Config config,
      long seed,
      PhotoShare share,
      int threads,
      int batchesAhead) {
    float threshold = config.REPEAT_THRESHOLD;
    EpochSampler order =
        threshold > 0
            ? new EpochSampler(images, RepeatFactors.of(dataset, images, threshold), seed)
            : new EpochSampler(images, true, seed);
    return new BatchLoader(dataset, order, config, seed, share, threads, batchesAhead);
  }

  /** Visits the photos in the given order, pass after pass; never augments unless told to. */
  public static BatchLoader validation(
      Dataset dataset, int[] images, Config config, long seed, int threads, int batchesAhead) {
    EpochSampler order = new EpochSampler(images, false, seed);
    return new BatchLoader(dataset, order, config, seed, PhotoShare.ALL, threads, batchesAhead);
  }

  /**
   * The position of the next photo: how many were used or skipped so far, by all loaders that share
   * the batches. Save it to resume, after a whole round.
   */
  public long position() {
    return upcoming == null ? deal.begin() : upcomingBegin;
  }

  /**
   * Continues from a position and drops what was prepared.
   *
   * @param position as {@link #position} gave it; 0 for the beginning
   */
  public void startAt(long position, Augmentation augmentation) {
    drain();
    deal.startAt(position);
    taken = 0;
    this.augmentation = augmentation;
  }

  /** Changes the augmentation from the next batch on. */
  public void setAugmentation(Augmentation augmentation) {
    if (augmentation != this.augmentation) {
      startAt(position(), augmentation);
    }
  }

  /** The photos that could not be used so far. */
  public PhotoFailures failures() {
    return failures;
  }

  /**
   * The batch that {@link #next} will give, if its photos are all there; it stays the loader's.
   * Null otherwise, and where the batches are shared.
   */
  public Batch upcoming() {
    if (upcoming == null && share.isAll() && Arrays.stream(deal.mine()).allMatch(this::isReady)) {
      long begin = deal.begin();
      upcoming = next();
      upcomingBegin = begin;
    }
    return upcoming;
  }

  /** Nanoseconds that {@link #next} took altogether, waiting included. */
  public long stallNanos() {
    return stallNanos;
  }

  /**
   * The next batch, which the caller closes.
   *
   * @throws UserError no photo can be used, more than 1% of them have failed, or photos of one
   *     batch differ in size
   */
  public Batch next() {
    if (closed) {
      throw new IllegalStateException("the loader is closed");
    }
    if (upcoming != null) {
      Batch batch = upcoming;
      upcoming = null;
      return batch;
    }
    long begin = System.nanoTime();
    List<TrainingExample> examples = new ArrayList<>(batchSize);
    try {
      if (taken == 0) {
        settleRound();
      }
      long first = deal.beginOf(taken);
      for (long position : deal.batch(taken)) {
        examples.add(Workers.result(queue.remove(position)));
      }
      if (++taken == share.count()) {
        taken = 0;
        deal.startAt(deal.end());
      }
      prefetch();
      return assemble(examples, SeededSampling.seed(seed, first, batchSize));
    } finally {
      examples.forEach(example -> example.photo().close());
      stallNanos += System.nanoTime() - begin;
    }
  }

  /** Finds out which photos of the round are passed over, until all of its batches are whole. */
  private void settleRound() {
    while (true) {
      prefetch();
      long[] found =
          Arrays.stream(deal.mine())
              .filter(position -> Workers.result(queue.get(position)) == null)
              .toArray();
      failures.requireFew();
      long[] passedOver = share.agree().apply(found);
      if (passedOver.length == 0) {
        return;
      }
      deal.passOver(passedOver);
      if (deal.longestGap() >= order.passLength()) {
        throw new UserError(
            "%s: expected at least one photo that can be decoded%s, found none among %d%s"
                .formatted(
                    dataset.name(),
                    skipsEmpty ? " and shows an object (SKIP_EMPTY_PHOTOS)" : "",
                    order.size(),
                    failures.example()));
      }
    }
  }

  private boolean isReady(long position) {
    Future<TrainingExample> example = queue.get(position);
    return example != null && example.isDone();
  }

  /** Prepares what this loader needs next, and drops what it does not need any more. */
  private void prefetch() {
    Map<Long, Future<TrainingExample>> unneeded = new HashMap<>(queue);
    long[] positions = deal.ahead(ahead);
    for (int i = taken * batchSize; i < positions.length; i++) {
      long at = positions[i];
      if (unneeded.remove(at) == null) {
        int mine = generation;
        Augmentation now = augmentation;
        queue.put(at, threads.submit(() -> generation == mine ? load(at, now) : null));
      }
    }
    unneeded.keySet().forEach(at -> drop(queue.remove(at)));
  }

  private TrainingExample load(long at, Augmentation now) {
    int imageIndex = order.image(at);
    try {
      return builder.build(imageIndex, now, SeededSampling.seed(seed, order.visit(at), imageIndex));
    } catch (UserError e) {
      failures.add(dataset.path(imageIndex).toString(), e.getMessage());
      return null;
    }
  }

  private Batch assemble(List<TrainingExample> examples, long batchSeed) {
    ResizePlan shape = examples.get(0).photo().plan();
    long bytes = 3L * shape.height() * shape.width();
    for (TrainingExample example : examples) {
      ResizePlan other = example.photo().plan();
      if (other.height() != shape.height() || other.width() != shape.width()) {
        throw new UserError(
            "photos of one batch must have the same size, found %d x %d (%s) and %d x %d (%s); use IMAGES_PER_GPU=1"
                .formatted(
                    shape.height(),
                    shape.width(),
                    dataset.fileName(examples.get(0).imageIndex()),
                    other.height(),
                    other.width(),
                    dataset.fileName(example.imageIndex())));
      }
    }
    BytePointer rgb = new BytePointer(bytes * examples.size());
    for (int i = 0; i < examples.size(); i++) {
      Pointer.memcpy(rgb.getPointer(i * bytes), examples.get(i).photo().rgb(), bytes);
    }
    return new Batch(
        examples.stream().mapToInt(TrainingExample::imageIndex).toArray(),
        examples.stream().map(s -> dataset.fileName(s.imageIndex())).toArray(String[]::new),
        rgb,
        shape.height(),
        shape.width(),
        examples.stream().map(TrainingExample::truth).toArray(GroundTruth[]::new),
        examples.stream().map(TrainingExample::rpnTargets).toArray(RpnTargets[]::new),
        batchSeed);
  }

  /**
   * Empties the queue: cancels tasks that have not begun, and waits for the others and frees their
   * results.
   */
  private void drain() {
    generation++;
    if (upcoming != null) {
      upcoming.close();
      upcoming = null;
    }
    queue.values().forEach(BatchLoader::drop);
    queue.clear();
  }

  private static void drop(Future<TrainingExample> unneeded) {
    try {
      TrainingExample example = Workers.result(unneeded);
      if (example != null) {
        example.photo().close();
      }
    } catch (RuntimeException | Error e) {
      // the failure belongs to a batch that is no longer wanted
    }
  }

  /** Ends all threads. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      drain();
      threads.shutdown(); // nothing runs any more, so the threads end now
    }
  }
}
