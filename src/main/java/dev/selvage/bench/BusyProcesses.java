package dev.selvage.bench;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Other processes that each keep one core busy while they are told to. */
public final class BusyProcesses implements AutoCloseable {
  private final List<Process> processes = new ArrayList<>();
  private boolean spinning;

  private BusyProcesses() {}

  /**
   * Starts processes, which rest at first. Closing the result ends them.
   *
   * @param count 0 for none
   * @param nice added to the nice value of this process to get theirs
   * @throws UserError one of them cannot be started
   */
  public static BusyProcesses start(int count, int nice) {
    return start(count, command(nice));
  }

  static List<String> command(int nice) {
    List<String> command = new ArrayList<>();
    if (nice > 0) {
      command.addAll(List.of("nice", "-n", String.valueOf(nice)));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx16m",
            "-cp",
            System.getProperty("java.class.path"),
            BusyLoop.class.getName()));
    return command;
  }

  static BusyProcesses start(int count, List<String> command) {
    BusyProcesses all = new BusyProcesses();
    try {
      for (int i = 0; i < count; i++) {
        all.processes.add(new ProcessBuilder(command).start());
      }
      all.order(BusyLoop.REST);
      return all;
    } catch (IOException e) {
      all.close();
      throw new UserError(
          "option --beside: expected to start %d busy processes, found '%s'"
              .formatted(count, e.getMessage()),
          e);
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  int count() {
    return processes.size();
  }

  boolean spinning() {
    return spinning;
  }

  /**
   * Lets all of them spin or rest, and returns when they do.
   *
   * @throws UserError one of them has ended
   */
  void spin(boolean now) {
    if (now != spinning) {
      order(now ? BusyLoop.SPIN : BusyLoop.REST);
      spinning = now;
    }
  }

  private void order(int order) {
    for (Process process : processes) {
      try {
        process.getOutputStream().write(order);
        process.getOutputStream().flush();
      } catch (IOException e) {
        throw ended(process, ""); // nobody reads any more
      }
    }
    for (Process process : processes) {
      try {
        int answer = process.getInputStream().read();
        if (answer != order) {
          throw ended(process, answer < 0 ? "" : Character.toString(answer));
        }
      } catch (IOException e) {
        throw ended(process, "");
      }
    }
  }

  /**
   * Ends a process that did not obey.
   *
   * @param said what it has printed so far
   */
  private static UserError ended(Process process, String said) {
    String all = said;
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // it has ended already
    }
    try {
      all += new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      all += " " + new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      all += " " + e.getMessage();
    }
    return new UserError(
        "option --beside: expected busy processes that run until they are ended, found one that"
            + " ended with exit code %d and said '%s'"
                .formatted(
                    process.onExit().join().exitValue(), all.strip().replaceAll("\\s+", " ")));
  }

  /** Ends the processes, and waits until they have ended. */
  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
  }
}
