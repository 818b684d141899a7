package dev.selvage.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.TestJava;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of builds that nobody uses any more are deleted, and no others. */
class FolderUseTest {
  private static final String OWN = "00000000000000aa";
  private static final String OTHER = "00000000000000bb";
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path place;

  @Test
  void foldersNotUsedForThirtyDaysAreDeleted() throws IOException {
    Path old = folder(OTHER, FolderUse.KEPT.plus(DAY));
    Path recent = folder("00000000000000cc", FolderUse.KEPT.minus(DAY));
    Path own = folder(OWN, FolderUse.KEPT.plus(DAY));
    FolderUse.deleteOthers(place, OWN);
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(recent.resolve("liba.so")));
    assertTrue(Files.exists(own.resolve("liba.so")));
    assertEquals(2, count(place));
  }

  @Test
  void aFolderThatAProcessUsesStays() throws IOException {
    Path folder = folder(OTHER, FolderUse.KEPT);
    assertTrue(FolderUse.begin(folder));
    age(folder, FolderUse.KEPT.plus(DAY));
    FolderUse.deleteOthers(place, OWN);
    assertTrue(Files.exists(folder.resolve("liba.so")));
  }

  /** Another process, since a lock of this one is known to Java alone. */
  @Test
  void aFolderThatAnotherProcessUsesStays() throws Exception {
    Path folder = folder(OTHER, FolderUse.KEPT);
    List<String> line = TestJava.command();
    line.addAll(List.of(User.class.getName(), folder.toString()));
    Process user = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader said = user.inputReader()) {
      assertEquals("true", said.readLine());
      age(folder, FolderUse.KEPT.plus(DAY));
      FolderUse.deleteOthers(place, OWN);
      assertTrue(Files.exists(folder.resolve("liba.so")));
    } finally {
      user.outputWriter().close();
      user.waitFor();
    }
    FolderUse.deleteOthers(place, OWN);
    assertFalse(Files.exists(folder));
  }

  /** Uses a folder until its input ends. */
  static final class User {
    private User() {}

    public static void main(String[] arguments) throws IOException {
      System.out.println(FolderUse.begin(Path.of(arguments[0])));
      System.in.read();
    }
  }

  @Test
  void eachUseIsTheLast() throws IOException {
    Path folder = folder(OTHER, FolderUse.KEPT.plus(DAY));
    assertTrue(FolderUse.begin(folder));
    Instant last = Files.getLastModifiedTime(folder.resolve(FolderUse.FILE)).toInstant();
    assertTrue(last.isAfter(Instant.now().minus(DAY)), last::toString);
  }

  /** The thirty days of a folder that an older build has left begin when it is seen. */
  @Test
  void aFolderWithoutAMarkStaysForThirtyDays() throws IOException {
    Path folder = Files.createDirectory(place.resolve(OTHER));
    Files.createFile(folder.resolve(LibraryFolder.LOCK));
    FolderUse.deleteOthers(place, OWN);
    assertTrue(Files.exists(folder));
    age(folder, FolderUse.KEPT.plus(DAY));
    FolderUse.deleteOthers(place, OWN);
    assertFalse(Files.exists(folder));
  }

  /** SELVAGE_CACHE may name a folder that holds other things. */
  @Test
  void whatIsNoFolderOfLibrariesStays() throws IOException {
    folder("photos", FolderUse.KEPT.plus(DAY));
    Files.createDirectory(place.resolve(OTHER));
    Path elsewhere = folder("elsewhere", FolderUse.KEPT.plus(DAY));
    Files.createSymbolicLink(place.resolve("00000000000000cc"), elsewhere);
    FolderUse.deleteOthers(place, OWN);
    assertEquals(4, count(place));
    assertTrue(Files.exists(elsewhere.resolve("liba.so")));
  }

  @Test
  void aDeletionThatWasInterruptedIsFinished() throws IOException {
    folder(OTHER + FolderUse.DELETED, Duration.ZERO);
    FolderUse.deleteOthers(place, OWN);
    assertEquals(0, count(place));
  }

  @Test
  void aFolderThatWasDeletedMeanwhileIsNotTakenForUsed() throws IOException {
    assertFalse(FolderUse.begin(place.resolve(OTHER)));
  }

  /** Nobody can delete it either. */
  @Test
  void aFolderThatCannotBeMarkedIsUsed() throws IOException {
    Path folder = Files.createDirectory(place.resolve(OTHER));
    Files.createDirectory(folder.resolve(FolderUse.FILE)); // cannot be opened to be locked
    assertTrue(FolderUse.begin(folder));
  }

  private Path folder(String name, Duration unused) throws IOException {
    Path folder = Files.createDirectory(place.resolve(name));
    Files.writeString(folder.resolve("liba.so"), "code");
    age(folder, unused);
    return folder;
  }

  private static void age(Path folder, Duration unused) throws IOException {
    Path file = folder.resolve(FolderUse.FILE);
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(unused)));
  }

  private static long count(Path folder) throws IOException {
    try (var inside = Files.list(folder)) {
      return inside.count();
    }
  }
}
