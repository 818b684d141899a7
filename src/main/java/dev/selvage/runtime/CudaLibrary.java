package dev.selvage.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The CUDA backend {@code libselvage_cuda.so}: in the jar of a build with CUDA, or in the folder
 * that the system property {@code selvage.cuda} names.
 */
public final class CudaLibrary {
  private static final String NAME = "libselvage_cuda.so";

  private CudaLibrary() {}

  /** Whether there is one, without unpacking it. */
  public static boolean isThere() {
    return folder()
        .map(f -> Files.isRegularFile(f.resolve(NAME)))
        .orElseGet(NativeLibraries.CUDA::areThere);
  }

  /** The library, unpacked if it lies in the jar; empty if there is none. */
  public static Optional<Path> file() {
    Optional<Path> folder = folder();
    if (folder.isPresent()) {
      return folder.map(f -> f.resolve(NAME)).filter(Files::isRegularFile);
    }
    return NativeLibraries.CUDA.areThere()
        ? Optional.of(NativeLibraries.CUDA.file())
        : Optional.empty();
  }

  private static Optional<Path> folder() {
    return Optional.ofNullable(System.getProperty("selvage.cuda")).map(Path::of);
  }
}
