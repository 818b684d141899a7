package dev.selvage.ranks;

import dev.selvage.runtime.Native;
import dev.selvage.runtime.NativeException;
import dev.selvage.runtime.UserLibrary;
import dev.selvage.tensor.Tensor;
import dev.selvage.util.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Ranks that compute on a GPU each: NCCL exchanges their gradients without the host, MPI everything
 * else. Sums run on a stream of their own. The thread that computes starts them; the thread that
 * calls MPI waits for them, since it hears of ranks that fail.
 */
public final class NcclCommunicator implements Communicator {
  private final MpiCommunicator mpi;
  private boolean begun;
  private long bytes;
  private double seconds;
  private double shownSeconds;

  private NcclCommunicator(MpiCommunicator mpi) {
    this.mpi = mpi;
  }

  /**
   * Connects the GPUs that the ranks have selected.
   *
   * @throws UserError NCCL cannot be used here, or two ranks have the same GPU
   */
  public static NcclCommunicator connect(MpiCommunicator mpi) {
    try {
      String obstacle = Native.ranksOpenNccl(UserLibrary.NCCL.location()).getString();
      if (!obstacle.isEmpty()) {
        throw new UserError("several ranks on GPUs: " + obstacle);
      }
      requireGpusOfTheirOwn(mpi);
      mpi.limited("all ranks to connect their GPUs", () -> mpi.exchange(Native::ranksConnectGpus));
    } catch (NativeException e) {
      throw new UserError("several ranks on GPUs: " + e.getMessage(), e);
    }
    return new NcclCommunicator(mpi);
  }

  private static void requireGpusOfTheirOwn(MpiCommunicator mpi) {
    String own = Native.ranksDeviceAddress().getString();
    List<String> all =
        mpi.gather(own.getBytes(StandardCharsets.UTF_8)).stream()
            .map(address -> new String(address, StandardCharsets.UTF_8))
            .toList();
    for (int other = 0; other < mpi.size(); other++) {
      if (other != mpi.rank() && mpi.isNextTo(other) && all.get(other).equals(own)) {
        throw new UserError(
            "option --device: expected a GPU for each rank, found %s (%s) used by rank %d and rank %d; without the option a rank takes the GPU of its number on the machine"
                .formatted(
                    Native.selectedDevice().getString(),
                    own,
                    Math.min(mpi.rank(), other),
                    Math.max(mpi.rank(), other)));
      }
    }
  }

  @Override
  public Pending sum(Tensor values) {
    // where two GPUs exchange the first values they connect, which may wait for the other
    mpi.limited("all ranks to begin a sum", values::beginSumOverRanks);
    begun = true;
    bytes += Float.BYTES * values.size();
    return this::await;
  }

  /** Waits for all sums that were begun. */
  private void await() {
    if (!begun) {
      return;
    }
    begun = false;
    try {
      Native.ranksTakeSums();
      mpi.exchange(Native::ranksAwait);
      seconds += Native.ranksExchangeSeconds(false);
      shownSeconds += Native.ranksExchangeSeconds(true);
    } catch (NativeException e) {
      throw new UserError(e.getMessage(), e);
    }
  }

  @Override
  public Traffic traffic() {
    return new Traffic(bytes, (long) (1e9 * seconds), (long) (1e9 * shownSeconds));
  }

  @Override
  public int rank() {
    return mpi.rank();
  }

  @Override
  public int size() {
    return mpi.size();
  }

  @Override
  public List<byte[]> gather(byte[] mine) {
    return mpi.gather(mine);
  }

  @Override
  public byte[] broadcast(byte[] mine) {
    return mpi.broadcast(mine);
  }

  @Override
  public void broadcast(Tensor values) {
    mpi.broadcast(values);
  }

  @Override
  public void writeLastWords(Path file) {
    mpi.writeLastWords(file);
  }

  @Override
  public void leave() {
    mpi.leave();
  }

  @Override
  public void fail(String reason) {
    mpi.fail(reason);
  }
}
