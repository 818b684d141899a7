package dev.selvage.train;

import dev.selvage.config.Config;
import dev.selvage.model.cost.StepMemory;
import dev.selvage.runtime.Native;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Compares the memory that a step will need with the free main memory, before the first step. A
 * trial as on a GPU ({@link GpuMemory}) would be exact but does not work here: when main memory
 * runs out, no allocation fails; the system kills the process.
 */
final class MemoryGuard {
  /** The error of the estimate. It must not stop a run that would fit. */
  private static final double DOUBT = 1.25;

  private static final double GB = 1e9;

  private MemoryGuard() {}

  /**
   * Judges the stage that takes the most.
   *
   * @param available bytes that a run may take
   * @return a warning where the estimate is about what is there
   * @throws UserError the step cannot fit, with the batch that does
   */
  static Optional<String> check(Config config, double available) {
    if (config.imageSide().isEmpty()) {
      return Optional.empty();
    }
    int side = config.imageSide().getAsInt();
    int images = config.IMAGES_PER_GPU * config.GPU_COUNT;
    List<StepMemory> stages =
        config.LAYERS.values().stream()
            .map(layers -> new StepMemory(config, side, layers))
            .toList();
    double bytes = stages.stream().mapToDouble(stage -> stage.bytes(images)).max().orElseThrow();
    if (bytes <= available) {
      return Optional.empty();
    }
    int most = stages.stream().mapToInt(stage -> stage.most(available)).min().orElseThrow();
    String sentence =
        String.format(
            Locale.ROOT,
            "IMAGES_PER_GPU: expected a step that fits in the %.1f GB of free memory, found about %.1f GB for %d images of %d x %d pixels; %s",
            available / GB,
            bytes / GB,
            images,
            side,
            side,
            most > 0
                ? "%d would fit; ACCUMULATION_STEPS can keep the effective batch size"
                    .formatted(most)
                : "not even one would fit; use a smaller IMAGE_MAX_DIM or BACKBONE");
    if (bytes > DOUBT * available) {
      throw new UserError(sentence);
    }
    return Optional.of(sentence);
  }

  /**
   * Bytes of main memory that this process may take for tensors, those that it holds already
   * included; empty where the system does not say, or computes elsewhere.
   */
  static OptionalLong available() {
    if (!Native.selectedDevice().getString().equals("cpu")) {
      return OptionalLong.empty();
    }
    OptionalLong free = memAvailable(Path.of("/proc/meminfo"));
    OptionalLong limit =
        room(Path.of("/sys/fs/cgroup/memory.max"), Path.of("/sys/fs/cgroup/memory.current"));
    if (limit.isPresent() && (free.isEmpty() || limit.getAsLong() < free.getAsLong())) {
      free = limit;
    }
    return free.isPresent()
        ? OptionalLong.of(free.getAsLong() + Native.allocatedBytes())
        : OptionalLong.empty();
  }

  /** MemAvailable, which the kernel estimates with what it can drop from its caches. */
  static OptionalLong memAvailable(Path meminfo) {
    try {
      return Files.readAllLines(meminfo).stream()
          .filter(line -> line.matches("MemAvailable: +\\d+ kB"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** What a control group's limit leaves; empty without a limit. */
  static OptionalLong room(Path limit, Path used) {
    try {
      String most = Files.readString(limit).strip();
      return most.matches("\\d{1,18}")
          ? OptionalLong.of(
              Math.max(0, Long.parseLong(most) - Long.parseLong(Files.readString(used).strip())))
          : OptionalLong.empty();
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
