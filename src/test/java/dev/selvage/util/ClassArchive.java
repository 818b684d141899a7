package dev.selvage.util;

import dev.selvage.train.TinyDataset;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The classes of the fat jar as a training has read them. With it, the start of a process takes a
 * sixth less. It is made once for a jar, in 5 seconds.
 */
final class ClassArchive {
  private ClassArchive() {}

  /**
   * Empty while another process makes it.
   *
   * @param java its program and options
   */
  static synchronized Optional<Path> of(Path jar, List<String> java) {
    try {
      // Java says so aloud where an archive is of an older jar
      Path archive = named(jar, Files.getLastModifiedTime(jar).toMillis() + ".jsa");
      if (Files.exists(archive)) {
        return Optional.of(archive);
      }
      try (FileChannel file =
              FileChannel.open(
                  named(jar, "jsa.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock mine = file.tryLock()) {
        if (mine == null) {
          return Optional.empty();
        }
        if (!Files.exists(archive)) {
          make(archive, jar, java);
        }
        return Optional.of(archive);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path named(Path jar, String end) {
    return jar.resolveSibling(jar.getFileName() + "." + end);
  }

  private static void make(Path archive, Path jar, List<String> java)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(jar.getParent(), "class-archive");
    Path made = folder.resolve("made.jsa");
    List<String> line = new ArrayList<>(java);
    line.addAll(List.of("-XX:ArchiveClassesAtExit=" + made, "-jar", jar.toString()));
    line.add("train");
    line.addAll(List.of("--run", folder.resolve("run").toString()));
    line.addAll(List.of("--data", TinyDataset.write(folder.resolve("data"), 9).toString()));
    TinyDataset.SETTINGS.forEach(setting -> line.addAll(List.of("--set", setting)));
    Path said = folder.resolve("said");
    int code =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(Files.readString(said));
    }
    Files.move(made, archive);
  }
}
