package dev.selvage.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.util.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where native libraries are unpacked to, and that only whole ones of this build are loaded. */
class LibraryFolderTest {
  private static final int SIZE = 10_000;
  private static final String BUILD = "build";

  @TempDir private Path temporary;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void aBuildOfOtherContentHasAnotherFolder() throws IOException {
    BundledLibrary old = library("old.jar", content(1));
    byte[] changed = content(1);
    changed[SIZE - 1]++;
    BundledLibrary changedLibrary = library("new.jar", changed);
    assertEquals(old.size(), changedLibrary.size());
    assertEquals(old.time(), changedLibrary.time());
    assertNotEquals(
        NativeLibraries.fingerprint(Stream.of(old)),
        NativeLibraries.fingerprint(Stream.of(changedLibrary)));
  }

  /** The two libraries have one name, size and time. */
  @Test
  void theLibraryOfTheNewBuildIsLoadedNotTheOldOne() throws IOException {
    List<byte[]> loaded = new ArrayList<>();
    for (int build = 1; build <= 2; build++) {
      BundledLibrary library = library(build + ".jar", content(build));
      LibraryFolder.choose(
          List.of(temporary.resolve("place")),
          NativeLibraries.fingerprint(Stream.of(library)),
          List.of(library),
          path -> loaded.add(read(path)),
          warnings::add);
    }
    assertArrayEquals(content(1), loaded.get(0));
    assertArrayEquals(content(2), loaded.get(1));
  }

  @Test
  void foldersOfOldBuildsAreDeletedAndTheOwnOneIsMarked() throws IOException {
    Path old = temporary.resolve("place/0123456789abcdef");
    Files.createDirectories(old);
    Files.createFile(old.resolve(FolderUse.FILE));
    Files.setLastModifiedTime(old.resolve(FolderUse.FILE), FileTime.fromMillis(0));
    LibraryFolder folder =
        choose(List.of(temporary.resolve("place")), library("a.jar", content(1)), path -> {});
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(folder.path().resolve(FolderUse.FILE)));
  }

  private static byte[] read(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aDamagedCopyIsUnpackedAgain() throws IOException {
    BundledLibrary library = library("a.jar", content(1));
    LibraryFolder folder = choose(List.of(temporary.resolve("place")), library, path -> {});
    Path copy = folder.path().resolve(library.name());
    Files.write(copy, Arrays.copyOf(Arrays.copyOf(content(1), 4096), SIZE));
    Files.setLastModifiedTime(copy, library.time());
    folder.unpack(List.of(library));
    assertArrayEquals(content(1), Files.readAllBytes(copy));
  }

  @Test
  void leftoversOfAKilledProcessAreRemoved() throws IOException {
    BundledLibrary library = library("a.jar", content(1));
    Path folder = temporary.resolve("place").resolve(BUILD);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("liba.so123.part"), "half");
    choose(List.of(temporary.resolve("place")), library, path -> {});
    assertFalse(Files.exists(folder.resolve("liba.so123.part")));
  }

  @Test
  void nothingIsWrittenIntoACompleteFolder() throws IOException {
    BundledLibrary library = library("a.jar", content(1));
    LibraryFolder folder = choose(List.of(temporary.resolve("place")), library, path -> {});
    Files.delete(folder.path().resolve("lock"));
    FileTime before = Files.getLastModifiedTime(folder.path());
    choose(List.of(temporary.resolve("place")), library, path -> {});
    assertEquals(before, Files.getLastModifiedTime(folder.path()));
    assertFalse(Files.exists(folder.path().resolve("lock")));
  }

  @Test
  void aNewFolderBelongsToTheUserAlone() throws IOException {
    LibraryFolder folder =
        choose(List.of(temporary.resolve("place")), library("a.jar", content(1)), path -> {});
    for (Path made : List.of(folder.path(), folder.path().getParent())) {
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
    }
  }

  @Test
  void aPlaceWhoseProgramsMayNotBeRunIsSkipped() throws IOException {
    Path noexec = temporary.resolve("noexec");
    Path good = temporary.resolve("good");
    LibraryFolder folder =
        choose(
            List.of(noexec, good),
            library("a.jar", content(1)),
            path -> {
              if (path.startsWith(noexec)) {
                throw new UnsatisfiedLinkError(
                    path + ": " + path + ": failed to map segment from shared object");
              }
            });
    assertEquals(good.resolve(BUILD), folder.path());
    assertEquals(
        List.of(
            "native libraries cannot be unpacked to %s: failed to map segment from shared object; using %s"
                .formatted(noexec, good)),
        warnings);
  }

  @Test
  void aPlaceThatOthersCanChangeIsSkipped() throws IOException {
    Path open = Files.createDirectory(temporary.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path link = Files.createSymbolicLink(temporary.resolve("link"), temporary);
    Path good = temporary.resolve("good");
    LibraryFolder folder =
        choose(List.of(open, link, good), library("a.jar", content(1)), path -> {});
    assertEquals(good.resolve(BUILD), folder.path());
    assertEquals(2, warnings.size(), warnings::toString);
    assertTrue(warnings.get(0).contains("other users may write into " + open), warnings::toString);
    assertTrue(warnings.get(1).contains("it is a link or a file"), warnings::toString);
  }

  @Test
  void withoutAPlaceTheMessageSaysWhatWasTriedAndWhatHelps() throws IOException {
    Path full = temporary.resolve("full");
    BundledLibrary small = library("a.jar", content(1));
    BundledLibrary huge =
        new BundledLibrary("huge.so", small.url(), Long.MAX_VALUE / 2, 0, small.time());
    UserError e =
        assertThrows(
            UserError.class,
            () ->
                LibraryFolder.choose(
                    List.of(full), BUILD, List.of(small, huge), path -> {}, warnings::add));
    assertTrue(e.getMessage().contains(full + ": it needs "), e::getMessage);
    assertTrue(e.getMessage().contains("SELVAGE_CACHE"), e::getMessage);
  }

  @Test
  void theOrderOfThePlaces() throws IOException {
    String home = temporary.toString();
    List<Path> all =
        LibraryFolder.places(
            Map.of("SELVAGE_CACHE", "/named", "XDG_CACHE_HOME", "/xdg"), home, "/tmp");
    assertEquals(List.of(Path.of("/named"), Path.of("/xdg/selvage")), all.subList(0, 2));
    assertTrue(all.get(2).toString().startsWith("/tmp/selvage-"), all::toString);
    assertEquals(
        temporary.resolve(".cache/selvage"), LibraryFolder.places(Map.of(), home, "/tmp").get(0));
    for (String none : List.of("?", "/nonexistent")) { // Java's home of an account without one
      assertEquals(1, LibraryFolder.places(Map.of(), none, "/tmp").size());
    }
  }

  @Test
  void allLibrariesAreThere() {
    for (NativeLibraries group : NativeLibraries.values()) {
      boolean mayLack = group == NativeLibraries.CUDA || group == NativeLibraries.MPI;
      assertTrue(mayLack || group.areThere(), group::name);
    }
  }

  private LibraryFolder choose(List<Path> places, BundledLibrary library, Consumer<Path> load) {
    return LibraryFolder.choose(places, BUILD, List.of(library), load, warnings::add);
  }

  private BundledLibrary library(String jar, byte[] content) throws IOException {
    Path file = temporary.resolve(jar);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      ZipEntry entry = new ZipEntry("native/liba.so");
      entry.setTime(1_700_000_000_000L);
      out.putNextEntry(entry);
      out.write(content);
      out.closeEntry();
    }
    return BundledLibrary.of(URI.create("jar:" + file.toUri() + "!/native/liba.so").toURL())
        .orElseThrow();
  }

  private static byte[] content(int seed) {
    byte[] bytes = new byte[SIZE];
    for (int i = 0; i < SIZE; i++) {
      bytes[i] = (byte) (i * 31 + seed);
    }
    return bytes;
  }
}
