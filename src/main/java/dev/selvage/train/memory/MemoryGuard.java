package dev.selvage.train.memory;

import dev.selvage.config.Config;
import dev.selvage.model.cost.StepMemory;
import dev.selvage.runtime.Native;
import dev.selvage.util.ProcessMemory;
import dev.selvage.util.ProcessMemory.Room;
import dev.selvage.util.UserError;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares the memory that a step will need with the free main memory, before the first step. A
 * trial as on a GPU ({@link GpuMemory}) would be exact but does not work here: when main memory
 * runs out, no allocation fails; the system kills the process.
 */
public final class MemoryGuard {
  /** The error of the estimate. It must not stop a run that would fit. */
  private static final double DOUBT = 1.25;

  private static final double GB = 1e9;

  private MemoryGuard() {}

  /**
   * Judges the stage that takes the most.
   *
   * @param room that a run may take
   * @return a warning where the estimate is about what is there
   * @throws UserError the step cannot fit, with the batch that does
   */
  public static Optional<String> check(Config config, Room room) {
    double available = room.bytes();
    if (config.imageSide().isEmpty()) {
      return Optional.empty();
    }
    int side = config.imageSide().getAsInt();
    int images = config.IMAGES_PER_GPU;
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
            "IMAGES_PER_GPU: expected a step that fits in the %.1f GB of %s, found about %.1f GB for %d images of %d x %d pixels; %s",
            available / GB,
            room.limit(),
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
   * The main memory that this process may take for tensors, those that it holds already included;
   * empty where the system does not say, or computes elsewhere.
   */
  public static Optional<Room> room() {
    if (!Native.selectedDevice().getString().equals("cpu")) {
      return Optional.empty();
    }
    return ProcessMemory.room()
        .map(room -> new Room(room.bytes() + Native.allocatedBytes(), room.limit()));
  }
}
