package dev.selvage.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.ProcessMemory.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessMemoryTest {
  private static final String V2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n";

  @TempDir Path root;

  private void file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void group(String folder, String max, String high, long used) throws IOException {
    file(folder + "/memory.max", max + "\n");
    file(folder + "/memory.high", high + "\n");
    file(folder + "/memory.current", used + "\n");
    file(folder + "/memory.stat", "anon 700\ninactive_file 200\nactive_file 100\nfile 999\n");
  }

  private void assertRoom(long bytes, String limit) {
    Room room = ProcessMemory.room(root).orElseThrow();
    assertEquals(bytes, room.bytes());
    assertTrue(room.limit().contains(limit), room.limit());
  }

  @Test
  void freeMemoryIsTheLimitWithoutAnother() throws IOException {
    assertEquals(Optional.empty(), ProcessMemory.room(root));
    file("proc/meminfo", "MemTotal:   9000 kB\nMemFree: 10 kB\nMemAvailable:    4000 kB\n");
    assertRoom(4_096_000, "free memory");
  }

  @Test
  void limitsOfTheProcess() throws IOException {
    file("proc/meminfo", "MemAvailable:    4000 kB\n");
    file("proc/self/status", "Name:\tjava\nVmSize:\t    1000 kB\nVmData:\t 500 kB\n");
    String limits = "Limit                     Soft Limit           Hard Limit           Units\n";
    file(
        "proc/self/limits",
        limits + "Max address space         unlimited      unlimited   bytes\n");
    assertRoom(4_096_000, "free memory");
    file("proc/self/limits", limits + "Max address space         2048000      unlimited   bytes\n");
    assertRoom(1_024_000, "ulimit -v");
    file("proc/self/limits", limits + "Max data size             600000      unlimited   bytes\n");
    assertRoom(88_000, "ulimit -d");
    file("proc/self/limits", limits + "Max data size             1000      unlimited   bytes\n");
    assertRoom(0, "ulimit -d");
  }

  @Test
  void severalProcessesDivideWhatTheyShareAndNothingElse() throws IOException {
    file("proc/meminfo", "MemAvailable:    4000 kB\n");
    Room room = ProcessMemory.room(root, 4).orElseThrow();
    assertEquals(new Room(1_024_000, "free memory, divided among 4 processes"), room);
    file("proc/self/status", "VmSize:\t    1000 kB\n");
    file("proc/self/limits", "Max address space         2024000      unlimited   bytes\n");
    room = ProcessMemory.room(root, 4).orElseThrow();
    assertEquals(new Room(1_000_000, "address space that ulimit -v leaves"), room);
  }

  @Test
  void theLeastLimitOfNestedGroups() throws IOException {
    file("proc/meminfo", "MemAvailable:    4000 kB\n");
    file("proc/self/mountinfo", V2);
    file("proc/self/cgroup", "0::/a/b\n");
    group("sys/fs/cgroup/a/b", "max", "max", 1000);
    assertRoom(4_096_000, "free memory");
    group("sys/fs/cgroup/a/b", "9000", "max", 1000);
    assertRoom(8300, "a/b/memory.max"); // 300 of the 1000 can be dropped
    group("sys/fs/cgroup/a/b", "9000", "5000", 1000);
    assertRoom(4300, "a/b/memory.high");
    group("sys/fs/cgroup/a", "4000", "max", 2000);
    assertRoom(2300, "a/memory.max");
    group("sys/fs/cgroup", "3000", "max", 2500);
    assertRoom(800, "cgroup/memory.max");
  }

  /** A container sees its own group as the top, or the host's path that is not mounted. */
  @Test
  void groupsOfContainers() throws IOException {
    file("proc/self/mountinfo", V2);
    group("sys/fs/cgroup", "3000", "max", 2500);
    for (String path : new String[] {"/", "/docker/abc", "/../x"}) {
      file("proc/self/cgroup", "0::" + path + "\n");
      assertRoom(800, "memory.max");
    }
  }

  @Test
  void versionOne() throws IOException {
    file(
        "proc/self/mountinfo",
        "31 23 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
            + "32 23 0:28 /docker/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
    file("proc/self/cgroup", "5:cpu:/docker/abc\n4:memory:/docker/abc/inner\n0::/\n");
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    file("sys/fs/cgroup/memory/memory.usage_in_bytes", "5000\n");
    assertEquals(Optional.empty(), ProcessMemory.room(root));
    file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9000\n");
    assertRoom(4000, "memory.limit_in_bytes");
    file("sys/fs/cgroup/memory/inner/memory.limit_in_bytes", "6000\n");
    file("sys/fs/cgroup/memory/inner/memory.usage_in_bytes", "4000\n");
    file(
        "sys/fs/cgroup/memory/inner/memory.stat",
        "inactive_file 7\ntotal_inactive_file 1000\ntotal_active_file 500\n");
    assertRoom(3500, "inner/memory.limit_in_bytes");
  }

  @Test
  void thisProcessHasRoom() {
    assertTrue(ProcessMemory.room().orElseThrow().bytes() > 0);
  }

  @Test
  void aJavaProcessHasSomeMemoryAndLessThanTheMachine() {
    long bytes = ProcessMemory.resident().orElseThrow();
    assertTrue(bytes > 20 << 20 && bytes < 1L << 44, bytes + " bytes");
  }
}
