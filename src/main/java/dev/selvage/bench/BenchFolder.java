package dev.selvage.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder, deleted when it is closed. */
record BenchFolder(Path path) implements AutoCloseable {
  static BenchFolder make(String name) throws IOException {
    return new BenchFolder(Files.createTempDirectory("selvage-bench-" + name));
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
