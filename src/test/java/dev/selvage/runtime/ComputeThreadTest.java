package dev.selvage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvage.util.TestJava;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ComputeThreadTest {
  private static final int EXIT_CODE = 7;
  private static final long LONG_ENOUGH = 500_000_000; // ns: longer than an exit takes

  @Test
  void allTasksRunOnOneThread() {
    Thread first = ComputeThread.call(Thread::currentThread);
    assertSame(first, ComputeThread.call(Thread::currentThread));
    assertEquals("selvage-compute", first.getName());
  }

  @Test
  void failuresReachTheCaller() {
    UserError failure = new UserError("expected this");
    assertSame(
        failure,
        assertThrows(
            UserError.class,
            () ->
                ComputeThread.call(
                    () -> {
                      throw failure;
                    })));
  }

  @Test
  void anExitWaitsForTheTaskThatRuns() throws IOException, InterruptedException {
    List<String> line = TestJava.command();
    line.add(ComputeThreadTest.class.getName());
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(EXIT_CODE, process.waitFor(), said);
    assertEquals("finished", said.strip());
  }

  /** Exits while a task runs. */
  public static void main(String[] arguments) throws InterruptedException {
    CountDownLatch running = new CountDownLatch(1);
    Thread caller =
        new Thread(
            () ->
                ComputeThread.call(
                    () -> {
                      running.countDown();
                      long begin = System.nanoTime();
                      while (System.nanoTime() - begin < LONG_ENOUGH) {
                        Thread.onSpinWait();
                      }
                      System.out.println("finished");
                      return null;
                    }));
    caller.setDaemon(true);
    caller.start();
    running.await();
    System.exit(EXIT_CODE);
  }
}
