package dev.selvage.weights;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvage.Fuzz;
import dev.selvage.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads damaged weight files. */
final class DamagedWeights {
  private DamagedWeights() {}

  /** Reads mutations of a file; {@code scratch} is where they are written. */
  static void inspect(Path original, Path scratch, int count) throws IOException {
    Fuzz.run(
        original.toString(),
        Files.readAllBytes(original),
        false,
        count,
        bytes -> {
          Files.write(scratch, bytes);
          try {
            WeightFiles.inspect(scratch);
          } catch (UserError e) {
            assertTrue(e.getMessage().startsWith(scratch + ": "), e.getMessage());
            throw e;
          }
        });
  }
}
