package dev.selvage.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunLockTest {
  @TempDir private Path dir;

  @Test
  void itNamesTheProcessThatTrains() {
    assertFalse(RunLock.isHeld(dir));
    RunLock lock = RunLock.take(dir);
    try (lock) {
      assertEquals(Optional.of(ProcessHandle.current()), RunLock.holder(dir));
      assertTrue(RunLock.isHeld(dir));
      assertThrows(UserError.class, () -> RunLock.take(dir));
    }
    assertEquals(Optional.empty(), RunLock.holder(dir));
    assertFalse(RunLock.isHeld(dir));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "999999999", "word", "-1", "99999999999999999999999"})
  void aFileWithoutALivingProcessIsNoLock(String text) throws IOException {
    Files.writeString(dir.resolve(".lock"), text);
    assertEquals(Optional.empty(), RunLock.holder(dir));
    assertFalse(RunLock.isHeld(dir));
  }

  /** The system gives the ids of old processes to new ones. */
  @Test
  void aProcessThatBeganLaterIsAnother() throws IOException {
    Path file = dir.resolve(".lock");
    Files.writeString(file, ProcessHandle.current().pid() + "\n");
    assertTrue(RunLock.holder(dir).isPresent());
    Files.setLastModifiedTime(
        file,
        FileTime.from(
            ProcessHandle.current().info().startInstant().get().minus(Duration.ofMinutes(1))));
    assertEquals(Optional.empty(), RunLock.holder(dir));
  }

  /** As one of an older version, or on another machine, does it. */
  @Test
  void aLockWithoutAProcessIsSeen() throws IOException {
    try (FileChannel file =
            FileChannel.open(
                dir.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = file.lock()) {
      assertTrue(lock.isValid());
      assertEquals(Optional.empty(), RunLock.holder(dir));
      assertTrue(RunLock.isHeld(dir));
    }
  }
}
