package dev.selvage.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BusyProcessesTest {
  private final Set<ProcessHandle> others = children();

  @Test
  void theySpinWhileToldToAndEndWithTheResult() throws IOException {
    List<ProcessHandle> started;
    try (BusyProcesses busy = BusyProcesses.start(2, 0)) {
      started = started();
      assertEquals(2, started.size());
      for (int turn = 0; turn < 2; turn++) {
        busy.spin(true);
        for (ProcessHandle process : started) {
          awaitSpinning(process, true);
        }
        busy.spin(false);
        for (ProcessHandle process : started) {
          awaitSpinning(process, false);
        }
      }
      busy.spin(true);
    }
    started.forEach(process -> assertFalse(process.isAlive()));
  }

  @Test
  void aProcessEndsWhenItsInputDoes() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(BusyProcesses.command(0)).start();
    try {
      process.getOutputStream().write(BusyLoop.SPIN);
      process.getOutputStream().flush();
      assertEquals(BusyLoop.SPIN, process.getInputStream().read());
      process.getOutputStream().close();
      assertEquals(0, process.waitFor());
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theNiceValueIsTheirs() throws IOException {
    try (BusyProcesses busy = BusyProcesses.start(1, 19)) {
      assertEquals(1, busy.count());
      String stat = Files.readString(proc(started().get(0)).resolve("stat"));
      // field 19 of the file, the 17th after the name in parentheses
      assertEquals("19", stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }
  }

  @Test
  void aProgramThatIsNotThereIsRefused() {
    assertRefused(
        "option --beside: expected to start 3 busy processes, found 'Cannot run program"
            + " \"/no/java\": error=2, No such file or directory'",
        () -> BusyProcesses.start(3, List.of("/no/java")));
  }

  @Test
  void aProcessThatCannotBeginIsRefused() {
    String script = "head -c 1 > /dev/null; echo no memory; echo at all >&2; exit 3";
    assertRefused(
        "option --beside: expected busy processes that run until they are ended, found one that"
            + " ended with exit code 3 and said 'no memory at all'",
        () -> BusyProcesses.start(2, List.of("sh", "-c", script)));
    assertEquals(others, children());
  }

  @Test
  void aProcessThatEndsTooSoonIsRefused() {
    try (BusyProcesses busy = BusyProcesses.start(2, 0)) {
      busy.spin(true);
      ProcessHandle process = started().get(0);
      process.destroyForcibly();
      process.onExit().join();
      assertRefused(
          "option --beside: expected busy processes that run until they are ended, found one that"
              + " ended with exit code 137 and said ''",
          () -> busy.spin(false));
    }
  }

  private static void assertRefused(String message, Runnable what) {
    assertEquals(message, assertThrows(UserError.class, what::run).getMessage());
  }

  private static Set<ProcessHandle> children() {
    return ProcessHandle.current().children().collect(Collectors.toSet());
  }

  private List<ProcessHandle> started() {
    return children().stream().filter(process -> !others.contains(process)).toList();
  }

  private static Path proc(ProcessHandle process) {
    return Path.of("/proc", String.valueOf(process.pid()));
  }

  /** Waits, since a thread leaves this list shortly after it has ended for Java. */
  private static void awaitSpinning(ProcessHandle process, boolean expected) throws IOException {
    boolean found;
    do {
      found = false;
      try (Stream<Path> threads = Files.list(proc(process).resolve("task"))) {
        for (Path thread : threads.toList()) {
          found |= name(thread).equals(BusyLoop.THREAD);
        }
      }
    } while (found != expected);
  }

  private static String name(Path thread) {
    try {
      return Files.readString(thread.resolve("comm")).strip();
    } catch (IOException e) {
      return ""; // it has ended since the folder was listed
    }
  }
}
