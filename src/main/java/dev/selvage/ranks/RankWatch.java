package dev.selvage.ranks;

import dev.selvage.runtime.Native;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends this process, with one sentence, when the launcher or another rank of this machine has ended
 * without a word. The launcher would do so for a rank, but not when it is killed itself. Files are
 * written whole or not at all, so that the process may end at any moment.
 */
final class RankWatch {
  private static final long NANOS_BETWEEN = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int FAILED = 2;

  private final Map<String, ProcessHandle> watched = new LinkedHashMap<>();
  private final Optional<ProcessHandle> launcher = ProcessHandle.current().parent();
  private volatile boolean stopped;

  /**
   * A watch.
   *
   * @param others the other ranks on this machine, by what they are called
   */
  RankWatch(Map<String, Long> others) {
    List<String> gone = new ArrayList<>();
    others.forEach(
        (name, pid) ->
            ProcessHandle.of(pid)
                .ifPresentOrElse(process -> watched.put(name, process), () -> gone.add(name)));
    Thread thread = new Thread(() -> watch(gone), "rank-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** The ranks are going to end. */
  void stop() {
    stopped = true;
  }

  private void watch(List<String> gone) {
    while (!stopped) {
      watched.forEach(
          (name, process) -> {
            if (!process.isAlive()) {
              gone.add(name);
            }
          });
      if (!ProcessHandle.current().parent().equals(launcher)) {
        gone.add(0, "the launcher of the ranks");
      }
      if (!gone.isEmpty() && !stopped) {
        System.err.printf(
            "selvage: %s has ended without a word; the same command goes on from what the run saved"
                + " last%n",
            gone.get(0));
        Native.endProcess(FAILED);
      }
      LockSupport.parkNanos(NANOS_BETWEEN);
    }
  }
}
