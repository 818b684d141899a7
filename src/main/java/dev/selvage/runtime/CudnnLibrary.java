package dev.selvage.runtime;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import org.bytedeco.cuda.presets.cudnn;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.Loader;

/**
 * cuDNN, which the user installs: looked for where the JavaCPP presets for CUDA and cuDNN look. Of
 * them nothing else is used, since the convolutions are called from the CUDA backend.
 */
public final class CudnnLibrary {
  private static final String NAME = "cudnn@.9";

  private CudnnLibrary() {}

  /** Its path, or the name by which the system's loader may find it. */
  public static String location() {
    ClassProperties properties = Loader.loadProperties(cudnn.class, Loader.loadProperties(), true);
    for (URL found : Loader.findLibrary(cudnn.class, properties, NAME, true)) {
      if (found.getProtocol().equals("file")) {
        try {
          return Path.of(found.toURI()).toString();
        } catch (URISyntaxException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return "libcudnn.so.9";
  }
}
