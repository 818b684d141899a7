package dev.selvage.runtime;

import java.nio.file.Path;
import java.util.Optional;

/** {@code libselvage_mpi.so}, which joins the ranks of a training under MPI. */
public final class MpiLibrary {
  private MpiLibrary() {}

  /** The library, unpacked from the jar; empty in a build without MPI. */
  public static Optional<Path> file() {
    return NativeLibraries.MPI.areThere()
        ? Optional.of(NativeLibraries.MPI.file())
        : Optional.empty();
  }
}
