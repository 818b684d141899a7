package dev.selvage.util;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A thread on which damaged files are read, and which is given up where one of them takes too long.
 * What counts is the processor's time, so that a busy machine fails nothing.
 */
final class FuzzThread {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long HANG = TimeUnit.SECONDS.toNanos(2);

  /** Who waits for what never comes needs no processor. */
  private static final long LOST = TimeUnit.MINUTES.toNanos(10);

  private static final long LOOK = 100; // milliseconds

  /** Reads all files. */
  interface Work {
    int run(FuzzThread step) throws Exception;
  }

  /** One file's reading. */
  private record Step(String what, long cpu, long clock) {}

  private volatile Step now;

  private FuzzThread() {}

  /** Runs it to its end, or to the first step that does not end. */
  static int run(Work work) {
    FuzzThread steps = new FuzzThread();
    FutureTask<Integer> task = new FutureTask<>(() -> work.run(steps));
    Thread thread = new Thread(task, "fuzz");
    thread.setDaemon(true);
    thread.start();
    while (true) {
      try {
        return task.get(LOOK, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        steps.requireProgress(thread);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new AssertionError(e.getCause());
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  void begin(String what) {
    now = new Step(what, THREADS.getCurrentThreadCpuTime(), System.nanoTime());
  }

  void end() {
    requireShort(now, THREADS.getCurrentThreadCpuTime());
    now = null;
  }

  private void requireProgress(Thread thread) {
    Step step = now;
    if (step == null) {
      return;
    }
    long cpu = THREADS.getThreadCpuTime(thread.getId());
    StackTraceElement[] where = thread.getStackTrace();
    if (now != step) {
      return; // another one has begun, to which the time belongs
    }
    try {
      requireShort(step, cpu);
      if (System.nanoTime() - step.clock > LOST) {
        throw new AssertionError(step.what + " waits for something");
      }
    } catch (AssertionError e) {
      e.setStackTrace(where);
      throw e;
    }
  }

  private static void requireShort(Step step, long cpu) {
    if (cpu - step.cpu > HANG) {
      throw new AssertionError(
          "%s took more than %d s".formatted(step.what, TimeUnit.NANOSECONDS.toSeconds(HANG)));
    }
  }
}
