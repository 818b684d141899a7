package dev.selvage.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;

/** {@code libselvage_checks.so}, the cases that {@code doctor} runs. */
public final class ChecksLibrary {
  private ChecksLibrary() {}

  /** The library, unpacked into JavaCPP's cache. */
  public static Path file() {
    URL resource =
        Native.class.getResource(Loader.getPlatform() + "/libselvage_checks.so"); // of every build
    try {
      return Loader.cacheResource(resource).toPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
