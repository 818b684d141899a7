package dev.selvage.runtime;

import java.nio.file.Path;

/** {@code libselvage_checks.so}, the cases that {@code doctor} runs. */
public final class ChecksLibrary {
  private ChecksLibrary() {}

  /** The library, unpacked from the jar. */
  public static Path file() {
    return NativeLibraries.CHECKS.file();
  }
}
