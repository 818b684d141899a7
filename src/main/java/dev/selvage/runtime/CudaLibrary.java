package dev.selvage.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

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
        .orElseGet(() -> resource() != null);
  }

  /** The library, from the jar unpacked into JavaCPP's cache; empty if there is none. */
  public static Optional<Path> file() {
    Optional<Path> folder = folder();
    if (folder.isPresent()) {
      return folder.map(f -> f.resolve(NAME)).filter(Files::isRegularFile);
    }
    URL resource = resource();
    try {
      return resource == null
          ? Optional.empty()
          : Optional.of(Loader.cacheResource(resource).toPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> folder() {
    return Optional.ofNullable(System.getProperty("selvage.cuda")).map(Path::of);
  }

  private static URL resource() {
    return Native.class.getResource(Loader.getPlatform() + "/" + NAME);
  }
}
