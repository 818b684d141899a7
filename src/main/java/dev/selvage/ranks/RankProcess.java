package dev.selvage.ranks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A rank as its machine knows it.
 *
 * @param host name of the machine
 * @param pid of the process
 * @param processors that it may run on, as Linux lists them: {@code 0-3,8}
 */
record RankProcess(String host, long pid, String processors) {
  private static final String ALLOWED = "Cpus_allowed_list:";
  private static final Path HOST = Path.of("/proc/sys/kernel/hostname");
  private static final Path STATUS = Path.of("/proc/self/status");

  static RankProcess own() {
    try {
      String processors =
          Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1).stream()
              .filter(line -> line.startsWith(ALLOWED))
              .findFirst()
              .map(line -> line.substring(ALLOWED.length()).strip())
              .orElse("");
      return new RankProcess(
          Files.readString(HOST).strip(), ProcessHandle.current().pid(), processors);
    } catch (IOException e) {
      throw new IllegalStateException("this process is not described in /proc", e);
    }
  }

  byte[] bytes() {
    return String.join("\n", host, Long.toString(pid), processors).getBytes(StandardCharsets.UTF_8);
  }

  static RankProcess of(byte[] bytes) {
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
    return new RankProcess(lines[0], Long.parseLong(lines[1]), lines[2]);
  }

  /** Whether another one is on the same machine. */
  boolean isNextTo(RankProcess other) {
    return host.equals(other.host);
  }

  /** Whether another one shares the processors of this one. */
  boolean sharesProcessors(RankProcess other) {
    return isNextTo(other) && processors.equals(other.processors);
  }

  @Override
  public String toString() {
    return "process %d on %s".formatted(pid, host);
  }
}
