package dev.selvage.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path dir;

  private static final String NEW = "new ".repeat(1000);

  @Test
  void aFaultOfAnyOperationLeavesTheOldFileOrTheWholeNewOne() throws IOException {
    Path file = dir.resolve("file");
    for (DiskFaults.Kind kind : DiskFaults.Kind.values()) {
      boolean reached = true;
      for (int n = 1; reached; n++) {
        Files.writeString(file, "old");
        boolean failed;
        try (DiskFaults faults = DiskFaults.at(n, kind)) {
          failed = fails(file, () -> AtomicFile.write(file, NEW));
          reached = faults.happened();
        }
        assertTrue(List.of(failed ? "old" : NEW, NEW).contains(Files.readString(file)));
        assertEquals(reached && kind != DiskFaults.Kind.SHORT_WRITES, failed, kind + " " + n);
        if (kind != DiskFaults.Kind.FROM_THEN_ON) {
          assertEquals(List.of("file"), names());
        }
      }
    }
  }

  @Test
  void aFaultOfAnyOperationOfAnAppendLeavesTheFileAsItWas() throws IOException {
    Path file = dir.resolve("file");
    for (DiskFaults.Kind kind : List.of(DiskFaults.Kind.ONCE, DiskFaults.Kind.SHORT_WRITES)) {
      boolean reached = true;
      for (int n = 1; reached; n++) {
        Files.writeString(file, "old");
        boolean failed;
        String operation;
        try (DiskFaults faults = DiskFaults.at(n, kind)) {
          failed = fails(file, () -> AtomicFile.append(file, StandardCharsets.UTF_8.encode(NEW)));
          reached = faults.happened();
          operation = faults.operation();
        }
        assertEquals(reached && kind == DiskFaults.Kind.ONCE, failed);
        // after the close nothing can be taken back, and all is there
        boolean whole = !failed || operation.equals("close");
        assertEquals(whole ? "old" + NEW : "old", Files.readString(file), operation);
      }
    }
  }

  @Test
  void aLinkInPlaceOfThePartialFileIsNotFollowed() throws IOException {
    Path victim = Files.writeString(dir.resolve("victim"), "mine");
    Files.createSymbolicLink(dir.resolve("file.part"), victim);
    AtomicFile.write(dir.resolve("file"), NEW);
    assertEquals("mine", Files.readString(victim));
    assertEquals(NEW, Files.readString(dir.resolve("file")));
    Files.createSymbolicLink(dir.resolve("log"), victim);
    assertTrue(
        fails(
            dir.resolve("log"),
            () -> AtomicFile.append(dir.resolve("log"), StandardCharsets.UTF_8.encode(NEW))));
    assertEquals("mine", Files.readString(victim));
  }

  /** A link may be put there after an old one was deleted. */
  @Test
  void aFileThatIsCreatedIsNew() throws IOException {
    Path victim = Files.writeString(dir.resolve("victim"), "mine");
    Path link = Files.createSymbolicLink(dir.resolve("link"), victim);
    Path elsewhere = Files.createSymbolicLink(dir.resolve("dangling"), dir.resolve("nothing"));
    for (Path there : List.of(victim, link, elsewhere)) {
      assertThrows(IOException.class, () -> Disk.current.create(there).close(), there::toString);
    }
    assertFalse(Files.exists(dir.resolve("nothing")));
  }

  @Test
  void folderAndDeviceAreNoFilesToWrite() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("folder"));
    assertEquals(
        folder + ": expected the name of a file to write, found a folder",
        assertThrows(UserError.class, () -> AtomicFile.write(folder, NEW)).getMessage());
    assertEquals(
        "/dev/full: expected the name of a file to write, found a device",
        assertThrows(UserError.class, () -> AtomicFile.write(Path.of("/dev/full"), NEW))
            .getMessage());
  }

  @Test
  void theLongestNameIsWritten() throws IOException {
    Path file = dir.resolve("a".repeat(255));
    AtomicFile.write(file, NEW);
    assertEquals(NEW, Files.readString(file));
    assertEquals(1, names().size());
  }

  private static boolean fails(Path file, Runnable action) {
    try {
      action.run();
      return false;
    } catch (UserError e) {
      assertTrue(e.getMessage().startsWith(file + ": cannot be written"), e.getMessage());
      return true;
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aLinkReplacesWhatWasThereAndOutlivesItsFile() throws IOException {
    Path first = Files.writeString(dir.resolve("first"), "1");
    Path second = Files.writeString(dir.resolve("second"), "2");
    Path link = dir.resolve("link");
    AtomicFile.link(link, first);
    AtomicFile.link(link, first); // the same file under both names
    assertEquals("1", Files.readString(link));
    AtomicFile.link(link, second);
    Files.delete(second);
    assertEquals("2", Files.readString(link));
    assertEquals("1", Files.readString(first));
    assertEquals(List.of("first", "link"), names());
  }

  @Test
  void aLinkThatCannotBeMadeIsNamed() {
    Path link = dir.resolve("nowhere/link");
    UserError error =
        assertThrows(UserError.class, () -> AtomicFile.link(link, dir.resolve("first")));
    assertTrue(error.getMessage().startsWith(link + ": cannot be written"), error.getMessage());
  }
}
