package dev.selvage.runtime;

import dev.selvage.util.ProcessMemory;
import dev.selvage.util.UserError;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The native libraries in the jar, in groups that are unpacked when they are needed. They go into a
 * folder whose name is made from their contents, so that a new build never meets the libraries of
 * an old one, and each is compared with the jar's checksum before it is loaded. JavaCPP, which
 * loads them, would otherwise take any file of the same length and time.
 */
public enum NativeLibraries {
  /** What {@link Native} needs; the first, a small one, shows whether a folder can be used. */
  COMPUTE(
      "/org/bytedeco/javacpp/linux-x86_64/libjnijavacpp.so",
      "/dev/selvage/runtime/linux-x86_64/libselvage.so",
      "/dev/selvage/runtime/linux-x86_64/libjniNative.so"),
  /** OpenBLAS, which OpenCV is linked with. */
  OPENBLAS(
      "/org/bytedeco/openblas/linux-x86_64/libgcc_s.so.1",
      "/org/bytedeco/openblas/linux-x86_64/libquadmath.so.0",
      "/org/bytedeco/openblas/linux-x86_64/libgfortran.so.5",
      "/org/bytedeco/openblas/linux-x86_64/libopenblas.so.0"),
  /** OpenCV, which reads, writes and draws photos. */
  PHOTOS(
      "/org/bytedeco/opencv/linux-x86_64/libopencv_core.so.413",
      "/org/bytedeco/opencv/linux-x86_64/libopencv_imgproc.so.413",
      "/org/bytedeco/opencv/linux-x86_64/libopencv_imgcodecs.so.413",
      "/org/bytedeco/opencv/linux-x86_64/libjniopencv_core.so",
      "/org/bytedeco/opencv/linux-x86_64/libjniopencv_imgproc.so",
      "/org/bytedeco/opencv/linux-x86_64/libjniopencv_imgcodecs.so"),
  /** The cases that {@code doctor} runs. */
  CHECKS("/dev/selvage/runtime/linux-x86_64/libselvage_checks.so"),
  /** What joins the ranks of a training; only builds on a machine with MPI have it. */
  MPI("/dev/selvage/runtime/linux-x86_64/libselvage_mpi.so"),
  /** The CUDA backend; only builds with CUDA have it. */
  CUDA("/dev/selvage/runtime/linux-x86_64/libselvage_cuda.so");

  /** Address space that OpenBLAS and OpenCV take. */
  private static final long OPENCV_NEEDS = 512L << 20;

  private static LibraryFolder folder;

  private static volatile UserError obstacle;

  private final List<String> resources;
  private boolean ready;

  NativeLibraries(String... resources) {
    this.resources = List.of(resources);
  }

  /**
   * Lets this process take as much memory as the machine gives. JavaCPP would count all memory of
   * the process against a limit derived from the Java heap. Call it before anything else of JavaCPP
   * is used. A limit that is set stays.
   */
  public static void liftMemoryLimits() {
    for (String limit : List.of("maxPhysicalBytes", "maxBytes")) {
      String property = "org.bytedeco.javacpp." + limit;
      if (System.getProperty(property) == null) {
        System.setProperty(property, "0");
      }
    }
  }

  /** Whether they are in the jar, or in the build's output. */
  public boolean areThere() {
    return urls().count() == resources.size();
  }

  /**
   * Unpacks what is not yet unpacked, and tells JavaCPP where it lies.
   *
   * @throws UserError there is no place to unpack them to
   */
  public void unpack() {
    synchronized (NativeLibraries.class) { // the folder is everybody's
      List<BundledLibrary> libraries = bundled();
      if (ready || libraries.isEmpty()) {
        return;
      }
      if (folder == null) {
        folder = chooseFolder();
      }
      try {
        folder.unpack(libraries);
      } catch (IOException e) {
        throw new UserError(
            "native libraries cannot be unpacked to %s: %s; set the environment variable %s to another folder"
                .formatted(folder.path(), e.getMessage(), LibraryFolder.VARIABLE),
            e);
      }
      ready = true;
    }
  }

  /**
   * Loads OpenBLAS, and prepares what OpenCV does when it is loaded after it.
   *
   * @throws UserError a limit leaves too little address space; OpenBLAS would end the process
   */
  public static void loadOpenBlas() {
    try {
      requireAddressSpace();
      OPENBLAS.load();
    } catch (UserError e) {
      obstacle = e;
      throw e;
    }
  }

  /**
   * Why OpenCV was not loaded; empty where it was, or is not needed yet. Java tells the reason to
   * the first thread that needs it, and the others only that it failed.
   */
  public static Optional<UserError> obstacle() {
    return Optional.ofNullable(obstacle);
  }

  private static void requireAddressSpace() {
    Native.prepareOpencv();
    ProcessMemory.addressSpace()
        .filter(room -> room.bytes() < OPENCV_NEEDS)
        .ifPresent(
            room -> {
              throw new UserError(
                  "photos cannot be read: OpenCV needs %s MB, found %s MB of %s"
                      .formatted(OPENCV_NEEDS >> 20, room.bytes() >> 20, room.limit()));
            });
  }

  /** Unpacks them and loads them in their order, for libraries that JavaCPP does not load. */
  private void load() {
    unpack();
    bundled().forEach(library -> System.load(folder.path().resolve(library.name()).toString()));
  }

  /** The only library of the group, unpacked where it lies in a jar. */
  Path file() {
    unpack();
    URL url = urls().findFirst().orElseThrow();
    Optional<BundledLibrary> bundled = BundledLibrary.of(url);
    try {
      return bundled.isPresent()
          ? folder.path().resolve(bundled.get().name())
          : Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static LibraryFolder chooseFolder() {
    List<BundledLibrary> needed = new ArrayList<>(COMPUTE.bundled());
    needed.addAll(OPENBLAS.bundled());
    needed.addAll(PHOTOS.bundled());
    return LibraryFolder.choose(
        LibraryFolder.places(
            System.getenv(), System.getProperty("user.home"), System.getProperty("java.io.tmpdir")),
        fingerprint(Arrays.stream(values()).flatMap(group -> group.bundled().stream())),
        needed,
        NativeLibraries::loadFirst,
        sentence -> System.err.println("selvage: " + sentence));
  }

  /** Loads JavaCPP's own library, which asks at once where the others are. */
  private static void loadFirst(Path library) {
    System.setProperty("org.bytedeco.javacpp.cachedir", library.getParent().toString());
    System.setProperty("org.bytedeco.javacpp.cachedir.nosubdir", "true");
    System.load(library.toString());
  }

  /** A name for these libraries that others do not have. */
  static String fingerprint(Stream<BundledLibrary> libraries) {
    StringBuilder all = new StringBuilder();
    libraries.forEach(
        l -> all.append(l.name()).append(' ').append(l.size()).append(' ').append(l.crc()));
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(all.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<BundledLibrary> bundled() {
    return urls().flatMap(url -> BundledLibrary.of(url).stream()).toList();
  }

  private Stream<URL> urls() {
    return resources.stream().map(NativeLibraries.class::getResource).filter(url -> url != null);
  }
}
