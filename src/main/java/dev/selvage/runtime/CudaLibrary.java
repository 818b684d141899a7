package dev.selvage.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/**
 * The files that only a GPU needs: in the jar of a build with CUDA, or in the folder that the
 * system property {@code selvage.cuda} names.
 */
public final class CudaLibrary {
  private CudaLibrary() {}

  /** Whether there is one, without unpacking it. */
  public static boolean isThere() {
    return folder()
        .map(f -> Files.isRegularFile(f.resolve(fileName("cuda"))))
        .orElse(resource("cuda") != null);
  }

  /**
   * The backend {@code libselvage_cuda.so}, unpacked into JavaCPP's cache; empty if there is none.
   */
  public static Optional<Path> backend() {
    return file("cuda");
  }

  /** The cases that {@code doctor} holds a GPU to, {@code libselvage_checks.so}. */
  public static Optional<Path> checks() {
    return file("checks");
  }

  private static Optional<Path> file(String name) {
    Optional<Path> folder = folder();
    if (folder.isPresent()) {
      return folder.map(f -> f.resolve(fileName(name))).filter(Files::isRegularFile);
    }
    URL resource = resource(name);
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

  private static URL resource(String name) {
    return Native.class.getResource(Loader.getPlatform() + "/" + fileName(name));
  }

  private static String fileName(String name) {
    return "libselvage_" + name + ".so";
  }
}
