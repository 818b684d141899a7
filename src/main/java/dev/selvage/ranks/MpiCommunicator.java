package dev.selvage.ranks;

import dev.selvage.runtime.MpiLibrary;
import dev.selvage.runtime.Native;
import dev.selvage.runtime.NativeException;
import dev.selvage.tensor.Tensor;
import dev.selvage.util.UserError;
import dev.selvage.util.Workers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;

/**
 * Ranks that MPI connects. One thread calls MPI, for everything, in the order in which it is asked
 * to: that order is the same on all ranks, and sums go on while the model computes.
 */
public final class MpiCommunicator implements Communicator {
  private static final int DONE = 0;
  private static final int LATE = 1;
  private static final int FAILED = 2;

  /** That ranks have to hear of a failure, in the middle of a step perhaps, and to report it. */
  private static final double PARTING_SECONDS = 20;

  /** In which a message of MPI that is late, too, names the rank that it should come from. */
  private static final int SECONDS_TO_NAME = 5;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "ranks");
            made.setDaemon(true);
            return made;
          });
  private final int seconds;
  private final int rank;
  private final int size;
  private final String library;
  private final List<RankProcess> processes;
  private final RankWatch watch;

  /** What another rank has said when it failed. */
  private volatile String heard;

  private long bytes;
  private long nanos;
  private long shownNanos;
  private boolean ended;

  private MpiCommunicator(int seconds, int ranks) {
    this.seconds = seconds;
    Path file =
        MpiLibrary.file()
            .orElseThrow(
                () ->
                    new UserError(
                        "this build trains on one rank only: expected libopenmpi-dev to be installed"
                            + " when it was built, found no MPI"));
    require(() -> Native.ranksOpen(file.toString()));
    rank = call(Native::ranksRank);
    size = call(Native::ranksSize);
    library = call(() -> Native.ranksName().getString());
    if (ranks > 0 && size != ranks) {
      throw new UserError(
          "expected %d ranks, found %d in %s; start them by `mpirun -np %d java -jar selvage.jar …` of that MPI"
              .formatted(ranks, size, library, ranks));
    }
    processes = gather(RankProcess.own().bytes()).stream().map(RankProcess::of).toList();
    Map<String, Long> neighbours = new LinkedHashMap<>();
    for (int other = 0; other < size; other++) {
      if (other != rank && isNextTo(other)) {
        neighbours.put(nameOf(other), processes.get(other).pid());
      }
    }
    watch = new RankWatch(neighbours);
    Runtime.getRuntime().addShutdownHook(new Thread(this::part));
  }

  /**
   * Joins the other processes that the launcher has started.
   *
   * @param ranks how many there must be; 0 for any number
   * @param seconds that a rank waits for another before it gives up
   * @throws UserError MPI cannot be used here, or there is another number of ranks
   */
  public static MpiCommunicator join(int ranks, int seconds) {
    try {
      return new MpiCommunicator(seconds, ranks);
    } catch (NativeException e) {
      throw new UserError("MPI cannot be used here: " + e.getMessage(), e);
    }
  }

  @Override
  public int rank() {
    return rank;
  }

  @Override
  public int size() {
    return size;
  }

  /** The MPI library and its version. */
  public String library() {
    return library;
  }

  /** How many ranks share the processors that this one may use, itself included. */
  public int sharers() {
    return (int) processes.stream().filter(processes.get(rank)::sharesProcessors).count();
  }

  /** How many ranks are on this machine, itself included. */
  public int neighbours() {
    return (int) processes.stream().filter(processes.get(rank)::isNextTo).count();
  }

  /** The number of this rank among those on its machine, from 0. */
  public int numberOnMachine() {
    return (int) processes.subList(0, rank).stream().filter(processes.get(rank)::isNextTo).count();
  }

  /** Whether another rank is on the same machine. */
  boolean isNextTo(int other) {
    return processes.get(other).isNextTo(processes.get(rank));
  }

  @Override
  public List<byte[]> gather(byte[] mine) {
    ByteBuffer lengths = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    lengths.putInt(0, mine.length);
    int[] length =
        rows(lengths.array()).stream()
            .mapToInt(row -> ByteBuffer.wrap(row).order(ByteOrder.LITTLE_ENDIAN).getInt())
            .toArray();
    int longest = Arrays.stream(length).max().orElseThrow();
    List<byte[]> rows = rows(Arrays.copyOf(mine, longest));
    return IntStream.range(0, size)
        .mapToObj(other -> Arrays.copyOf(rows.get(other), length[other]))
        .toList();
  }

  /** Of the same length on all ranks. */
  private List<byte[]> rows(byte[] mine) {
    List<byte[]> rows = new ArrayList<>();
    try (BytePointer all = new BytePointer((long) mine.length * size)) {
      all.position((long) rank * mine.length).put(mine);
      all.position(0);
      require(() -> Native.ranksGather(all, mine.length, seconds));
      for (int other = 0; other < size; other++) {
        byte[] row = new byte[mine.length];
        all.position((long) other * mine.length).get(row);
        rows.add(row);
      }
      all.position(0);
    }
    return rows;
  }

  @Override
  public byte[] broadcast(byte[] mine) {
    try (BytePointer length = new BytePointer(Integer.BYTES)) {
      length.putInt(rank == 0 ? mine.length : 0);
      require(() -> Native.ranksBroadcast(length, Integer.BYTES, seconds));
      byte[] values = new byte[length.getInt()];
      try (BytePointer buffer = new BytePointer(values.length)) {
        if (rank == 0) {
          buffer.put(mine);
        }
        require(() -> Native.ranksBroadcast(buffer, values.length, seconds));
        buffer.get(values);
      }
      return values;
    }
  }

  @Override
  public void broadcast(Tensor values) {
    require(() -> values.takeFromFirstRank(seconds));
  }

  /** Of tensors in main memory. */
  @Override
  public Pending sum(Tensor values) {
    if (size == 1) {
      return () -> {};
    }
    Future<?> sum =
        thread.submit(
            () -> {
              long begin = System.nanoTime();
              requireDone(values.sumOverRanks(seconds));
              bytes += Float.BYTES * values.size();
              nanos += System.nanoTime() - begin;
            });
    return () -> {
      long begin = System.nanoTime();
      Workers.result(sum);
      shownNanos += System.nanoTime() - begin;
    };
  }

  @Override
  public Traffic traffic() {
    return call(() -> new Traffic(bytes, nanos, shownNanos));
  }

  @Override
  public void writeLastWords(Path file) {
    watch.writeLastWords(file);
  }

  @Override
  public void leave() {
    gather(new byte[0]);
    watch.stop(); // another rank may end before this one
    gather(new byte[0]);
    call(
        () -> {
          Native.ranksClose();
          return null;
        });
    ended = true;
  }

  @Override
  public void fail(String reason) {
    if (ended || watch == null) {
      return;
    }
    watch.stop();
    String said =
        heard == null ? "%s has ended the training: %s".formatted(nameOf(rank), reason) : heard;
    call(
        () -> {
          try (BytePointer text = new BytePointer(said, StandardCharsets.UTF_8)) {
            Native.ranksFail(text);
          }
          return null;
        });
  }

  /** When the process ends by an error: launchers stop ranks that have not yet reported theirs. */
  private void part() {
    if (!ended) {
      fail("it ended by an error of the program");
      call(
          () -> {
            Native.ranksPart(PARTING_SECONDS);
            return null;
          });
    }
  }

  /**
   * Calls the native library on the thread that calls MPI, and waits for it.
   *
   * @param exchange gets how long other ranks may take, in seconds; returns its status
   */
  void exchange(IntUnaryOperator exchange) {
    require(() -> exchange.applyAsInt(seconds));
  }

  /**
   * Does what only ends if all ranks take part, on the calling thread. Where it does not end, the
   * process does.
   *
   * @param what is expected of the others, for the sentence
   */
  void limited(String what, Runnable task) {
    watch.limit(
        seconds + SECONDS_TO_NAME,
        "expected %s within %d s (--rank-timeout), found at least one missing; the same command goes on from what the run saved last"
            .formatted(what, seconds));
    try {
      task.run();
    } finally {
      watch.noLimit();
    }
  }

  private void require(IntSupplier exchange) {
    call(
        () -> {
          requireDone(exchange.getAsInt());
          return null;
        });
  }

  /** On the thread that calls MPI. */
  private void requireDone(int status) {
    if (status == DONE) {
      return;
    }
    String message = Native.ranksMessage().getString(StandardCharsets.UTF_8);
    if (status == FAILED) {
      heard = message;
      throw new UserError(message);
    }
    if (status == LATE) {
      throw new UserError(
          "%s: expected it to take part in a step within %d s (--rank-timeout), found it missing; the same command goes on from what the run saved last"
              .formatted(nameOf(Native.ranksCulprit()), seconds));
    }
    throw new UserError(message);
  }

  /** A rank as sentences name it. */
  String nameOf(int other) {
    return processes == null
        ? "rank " + other
        : "rank %d (%s)".formatted(other, processes.get(other));
  }

  private <T> T call(Supplier<T> task) {
    return Workers.result(thread.submit(task::get));
  }
}
