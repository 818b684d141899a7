package dev.selvage.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.config.Config;
import dev.selvage.config.ConfigReader;
import dev.selvage.config.ResizeMode;
import dev.selvage.model.cost.StepMemory;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryGuardTest {
  @TempDir Path dir;

  private final Config config =
      ConfigReader.read("fashion", null, List.of("NUM_CLASSES=47", "IMAGES_PER_GPU=8"));

  @Test
  void namesTheBatchThatFits() {
    double three = new StepMemory(config, 512, "all").bytes(3) + 1;
    String message =
        assertThrows(UserError.class, () -> MemoryGuard.check(config, three)).getMessage();
    assertTrue(message.startsWith("IMAGES_PER_GPU: expected a step that fits in the "), message);
    assertTrue(message.contains("for 8 images of 512 x 512 pixels; 3 would fit"), message);
  }

  @Test
  void saysWhereNothingFits() {
    String message =
        assertThrows(UserError.class, () -> MemoryGuard.check(config, 1e8)).getMessage();
    assertTrue(message.contains("not even one would fit"), message);
  }

  @Test
  void letsPassWhatMayFit() {
    double eight = new StepMemory(config, 512, "all").bytes(8);
    assertEquals(Optional.empty(), MemoryGuard.check(config, eight + 1));
    assertTrue(MemoryGuard.check(config, eight * 0.9).isPresent());
    Config ownSizes = config.with("IMAGE_RESIZE_MODE", ResizeMode.PAD64);
    assertEquals(Optional.empty(), MemoryGuard.check(ownSizes, 1));
  }

  @Test
  void readsWhatTheSystemSays() throws IOException {
    Path meminfo = write("meminfo", "MemTotal:  100 kB\nMemAvailable:     70 kB\n");
    assertEquals(OptionalLong.of(70 * 1024), MemoryGuard.memAvailable(meminfo));
    Path used = write("used", "1000\n");
    assertEquals(OptionalLong.of(2000), MemoryGuard.room(write("limit", "3000\n"), used));
    assertEquals(OptionalLong.of(0), MemoryGuard.room(write("limit", "300\n"), used));
    assertEquals(OptionalLong.empty(), MemoryGuard.room(write("limit", "max\n"), used));
    assertEquals(OptionalLong.empty(), MemoryGuard.room(dir.resolve("none"), used));
    assertTrue(MemoryGuard.available().orElseThrow() > 1 << 20);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(dir.resolve(name), text);
  }
}
