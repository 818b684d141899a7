package dev.selvage.util;

import dev.selvage.util.ProcessMemory.Room;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * The control groups of this process that limit memory: its own and all above it, of version 1 and
 * 2 (the kernel's cgroup-v1/memory.rst and cgroup-v2.rst).
 */
final class ControlGroups {
  /** The files of a version: limits, what is used, and the part of it that can be dropped. */
  private record Files(List<String> limits, String used, List<String> caches) {
    static final Files V1 =
        new Files(
            List.of("memory.limit_in_bytes"),
            "memory.usage_in_bytes",
            List.of("total_inactive_file ", "total_active_file "));
    static final Files V2 =
        new Files(
            List.of("memory.max", "memory.high"),
            "memory.current",
            List.of("inactive_file ", "active_file "));
  }

  private final Path root;

  /**
   * Prepares.
   *
   * @param root the folder of proc/ and of the mounted trees
   */
  ControlGroups(Path root) {
    this.root = root;
  }

  /** What each limit leaves. */
  List<Room> rooms() {
    List<Room> rooms = new ArrayList<>();
    for (String line : ProcessMemory.lines(root.resolve("proc/self/mountinfo"))) {
      // id, parent, device, root inside the tree, mount point, options, - type, source, options
      String[] parts = line.split(" - ", 2);
      String[] mount = parts[0].split(" ");
      String[] type = parts.length < 2 ? new String[0] : parts[1].split(" ");
      if (mount.length < 5 || type.length < 3) {
        continue;
      }
      if (type[0].equals("cgroup2")) {
        rooms(mount[4], mount[3], group(""), Files.V2, rooms);
      } else if (type[0].equals("cgroup") && Arrays.asList(type[2].split(",")).contains("memory")) {
        rooms(mount[4], mount[3], group("memory"), Files.V1, rooms);
      }
    }
    return rooms;
  }

  /** The path of this process's group in the tree of a controller; version 2 has no name. */
  private String group(String controller) {
    for (String line : ProcessMemory.lines(root.resolve("proc/self/cgroup"))) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && Arrays.asList(parts[1].split(",")).contains(controller)) {
        return parts[2];
      }
    }
    return "/";
  }

  /** From the group up to the top of what is mounted. */
  private void rooms(String mount, String top, String group, Files files, List<Room> rooms) {
    Path highest = root.resolve(mount.substring(1));
    String below =
        !top.equals("/") && group.startsWith(top) ? group.substring(top.length()) : group;
    Path folder = highest.resolve(below.replaceFirst("^/+", "")).normalize();
    if (!folder.startsWith(highest)) {
      folder = highest; // a group above what this process sees
    }
    for (; folder != null && folder.startsWith(highest); folder = folder.getParent()) {
      for (String limit : files.limits) {
        OptionalLong most = ProcessMemory.field(folder.resolve(limit), "");
        OptionalLong used = ProcessMemory.field(folder.resolve(files.used), "");
        if (most.isPresent() && used.isPresent()) {
          long held = Math.max(0, used.getAsLong() - caches(folder, files));
          rooms.add(
              new Room(
                  Math.max(0, most.getAsLong() - held),
                  "memory that %s leaves".formatted(folder.resolve(limit))));
        }
      }
    }
  }

  /** Pages of files, which the kernel drops before it ends a process. */
  private static long caches(Path folder, Files files) {
    return files.caches.stream()
        .mapToLong(name -> ProcessMemory.field(folder.resolve("memory.stat"), name).orElse(0))
        .sum();
  }
}
