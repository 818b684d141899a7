package dev.selvage.util;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.selvage.tensor.DType;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a test needs of its machine. Without it the test is skipped, and says so. */
public final class Needs {
  private Needs() {}

  /**
   * Skips a test where something is missing.
   *
   * @param what is not tested then, and why
   */
  public static void that(boolean there, String what) {
    if (!there) {
      System.err.println("SKIPPED: " + what);
    }
    assumeTrue(there, what);
  }

  /** Instructions for bf16, which processors without avx512_bf16 lack. */
  public static void bf16(String what) {
    that(DType.BF16.available(), what + " in bf16, which this processor lacks");
  }

  /** The simulated GPU's library. */
  public static void simulatedGpu(Path library, String what) {
    that(Files.isRegularFile(library), what + ", since " + library + " is no file");
  }
}
