package dev.selvage.weights;

import dev.selvage.util.Fuzz;
import dev.selvage.weights.files.WeightFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads damaged weight files. */
public final class DamagedWeights {
  private DamagedWeights() {}

  /** Reads mutations of a file; {@code scratch} is where they are written. */
  public static void inspect(Path original, Path scratch, int count) throws IOException {
    Fuzz.file(
        scratch, Files.readAllBytes(original), false, count, bytes -> WeightFiles.inspect(scratch));
  }
}
