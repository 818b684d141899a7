package dev.selvage.ranks;

import dev.selvage.runtime.Native;
import dev.selvage.util.AtomicFile;
import dev.selvage.util.UserError;
import java.nio.file.Path;
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
  private volatile Optional<Path> lastWords = Optional.empty();
  private volatile boolean stopped;
  private volatile Optional<Limit> limit = Optional.empty();

  /** Of what this process does: when it has to be over, and what to say where it is not. */
  private record Limit(long end, String sentence) {}

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

  /** Ends the process with a sentence, unless {@link #noLimit} comes in time. */
  void limit(int seconds, String sentence) {
    limit = Optional.of(new Limit(System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds), sentence));
  }

  void noLimit() {
    limit = Optional.empty();
  }

  /** Where to write why the process ends, besides its error output. */
  void writeLastWords(Path file) {
    lastWords = Optional.of(file);
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
        end(
            gone.get(0)
                + " has ended without a word; the same command goes on from what the run saved"
                + " last");
      }
      limit.filter(of -> System.nanoTime() > of.end()).ifPresent(of -> end(of.sentence()));
      LockSupport.parkNanos(NANOS_BETWEEN);
    }
  }

  private void end(String sentence) {
    System.err.println("selvage: " + sentence);
    try {
      lastWords.ifPresent(file -> AtomicFile.write(file, sentence + "\n"));
    } catch (UserError e) {
      System.err.println("selvage: " + e.getMessage());
    }
    Native.endProcess(FAILED);
  }
}
