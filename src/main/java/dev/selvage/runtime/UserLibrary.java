package dev.selvage.runtime;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import org.bytedeco.cuda.presets.cudnn;
import org.bytedeco.cuda.presets.nccl;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.Loader;

/**
 * A library of NVIDIA's that the user installs: looked for where the JavaCPP presets for it look.
 * Of them nothing else is used, since the CUDA backend calls the libraries.
 */
public enum UserLibrary {
  /** Convolutions. */
  CUDNN(cudnn.class, "cudnn", 9),

  /** Messages between GPUs. */
  NCCL(nccl.class, "nccl", 2);

  private final Class<?> presets;
  private final String name;
  private final int major;

  UserLibrary(Class<?> presets, String name, int major) {
    this.presets = presets;
    this.name = name;
    this.major = major;
  }

  /** Its path, or the name by which the system's loader may find it. */
  public String location() {
    ClassProperties properties = Loader.loadProperties(presets, Loader.loadProperties(), true);
    for (URL found : Loader.findLibrary(presets, properties, name + "@." + major, true)) {
      if (found.getProtocol().equals("file")) {
        try {
          return Path.of(found.toURI()).toString();
        } catch (URISyntaxException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return "lib%s.so.%d".formatted(name, major);
  }
}
