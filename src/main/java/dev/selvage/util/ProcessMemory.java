package dev.selvage.util;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How much more main memory this process may take on Linux: the least of what is free, what its
 * control groups leave (cgroup versions 1 and 2), and what limits of the process (ulimit) leave.
 */
public final class ProcessMemory {
  private static final Path ROOT = Path.of("/");
  private static final long NO_LIMIT = 1L << 60;

  /**
   * What a limit leaves.
   *
   * @param bytes 0 or more
   * @param limit what sets it, to follow "of" in a sentence
   */
  public record Room(long bytes, String limit) {}

  private static volatile int sharers = 1;

  private ProcessMemory() {}

  /**
   * Says that several processes of this machine will take as much memory each: what is free, and
   * what control groups leave, is divided among them from now on.
   *
   * @param processes of them, this one included
   */
  public static void shareAmong(int processes) {
    sharers = processes;
  }

  /** The least of all limits; empty where the system states none. */
  public static Optional<Room> room() {
    return room(ROOT, sharers);
  }

  /** What ulimit -v leaves; empty where it is not set. */
  public static Optional<Room> addressSpace() {
    List<Room> rooms = new ArrayList<>();
    addressSpace(ROOT, rooms);
    return rooms.stream().findFirst();
  }

  /** The main memory that this process has now, in bytes; empty where the system does not say. */
  public static OptionalLong resident() {
    OptionalLong kib = field(ROOT.resolve("proc/self/status"), "VmRSS:");
    return kib.isPresent() ? OptionalLong.of(1024 * kib.getAsLong()) : kib;
  }

  private static void addressSpace(Path root, List<Room> rooms) {
    ofProcess(root, "Max address space", "VmSize:", "address space that ulimit -v leaves", rooms);
  }

  static Optional<Room> room(Path root) {
    return room(root, 1);
  }

  /** The same in a copy of the files of {@code /proc} and {@code /sys} below a folder. */
  static Optional<Room> room(Path root, int sharers) {
    List<Room> rooms = new ArrayList<>();
    field(root.resolve("proc/meminfo"), "MemAvailable:")
        .ifPresent(kib -> rooms.add(new Room(1024 * kib, "free memory")));
    rooms.addAll(new ControlGroups(root).rooms());
    if (sharers > 1) {
      rooms.replaceAll(
          all ->
              new Room(
                  all.bytes() / sharers,
                  "%s, divided among %d processes".formatted(all.limit(), sharers)));
    }
    addressSpace(root, rooms);
    ofProcess(root, "Max data size", "VmData:", "data that ulimit -d leaves", rooms);
    return rooms.stream().min(Comparator.comparingLong(Room::bytes));
  }

  private static void ofProcess(
      Path root, String limit, String used, String name, List<Room> rooms) {
    OptionalLong most = field(root.resolve("proc/self/limits"), limit);
    OptionalLong now = field(root.resolve("proc/self/status"), used);
    if (most.isPresent() && now.isPresent()) {
      rooms.add(new Room(Math.max(0, most.getAsLong() - 1024 * now.getAsLong()), name));
    }
  }

  /** The first number after a name at the start of a line; empty for other words. */
  static OptionalLong field(Path file, String name) {
    for (String line : lines(file)) {
      if (line.startsWith(name)) {
        return number(line.substring(name.length()).strip().split("\\s+")[0]);
      }
    }
    return OptionalLong.empty();
  }

  /** A limit or a count; empty for a word, and for the numbers that mean that there is no limit. */
  static OptionalLong number(String text) {
    if (!text.matches("\\d{1,18}") || Long.parseLong(text) >= NO_LIMIT) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  /** None of a file that cannot be read. Bytes that are no UTF-8, as in paths, do no harm. */
  static List<String> lines(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
