package dev.selvage.train.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.ResizeMode;
import dev.selvage.model.cost.StepMemory;
import dev.selvage.util.ProcessMemory.Room;
import dev.selvage.util.UserError;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryGuardTest {
  private final Config config =
      ConfigReader.read("fashion", null, List.of("NUM_CLASSES=47", "IMAGES_PER_GPU=8"));

  @Test
  void namesTheBatchThatFits() {
    double three = new StepMemory(config, 512, "all").bytes(3) + 1;
    String message =
        assertThrows(UserError.class, () -> MemoryGuard.check(config, free(three))).getMessage();
    assertTrue(message.startsWith("IMAGES_PER_GPU: expected a step that fits in the "), message);
    assertTrue(message.contains("for 8 images of 512 x 512 pixels; 3 would fit"), message);
  }

  @Test
  void saysWhereNothingFits() {
    String message =
        assertThrows(UserError.class, () -> MemoryGuard.check(config, free(1e8))).getMessage();
    assertTrue(message.contains("not even one would fit"), message);
  }

  @Test
  void letsPassWhatMayFit() {
    double eight = new StepMemory(config, 512, "all").bytes(8);
    assertEquals(Optional.empty(), MemoryGuard.check(config, free(eight + 1)));
    assertTrue(MemoryGuard.check(config, free(eight * 0.9)).isPresent());
    Config ownSizes = config.with("IMAGE_RESIZE_MODE", ResizeMode.PAD64);
    assertEquals(Optional.empty(), MemoryGuard.check(ownSizes, free(1)));
  }

  @Test
  void saysWhatLimitsTheRun() {
    String message =
        assertThrows(
                UserError.class,
                () -> MemoryGuard.check(config, new Room(1, "address space that ulimit -v leaves")))
            .getMessage();
    assertTrue(
        message.contains("fits in the 0.0 GB of address space that ulimit -v leaves, found about"),
        message);
    assertTrue(MemoryGuard.room().orElseThrow().bytes() > 1 << 20);
  }

  private static Room free(double bytes) {
    return new Room((long) bytes, "free memory");
  }
}
