package dev.selvage.cli.options;

import dev.selvage.config.Config;
import dev.selvage.runtime.CudaLibrary;
import dev.selvage.runtime.Native;
import dev.selvage.runtime.NativeException;
import dev.selvage.runtime.UserLibrary;
import dev.selvage.util.ProcessMemory;
import dev.selvage.util.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Where and with how many threads to compute. */
public final class DeviceOptions {
  public static final Option DEVICE =
      Arguments.value(
          "device",
          "DEVICE",
          "cpu, cuda, cuda:N, or auto: the first GPU if it can be used, else the CPU",
          "auto");
  public static final Option THREADS =
      Arguments.value("threads", "N", "compute threads", Arguments.PER_PROCESSOR);

  public static final Option CONV =
      Arguments.value(
          "conv",
          "ENGINE",
          "convolutions on a GPU: builtin, cudnn, or auto, the faster of the two for each shape",
          "builtin");

  /** The options of a command that computes with a model. */
  public static Option[] with(Option precision) {
    return new Option[] {DEVICE, CONV, THREADS, precision};
  }

  private static final Pattern GPU = Pattern.compile("cuda(:\\d{1,3})?");

  private DeviceOptions() {}

  /**
   * Applies {@code --device}, {@code --threads} and {@code --conv}, and prints the choice on
   * stderr.
   */
  public static void choose(CommandLine line) {
    choose(line, Runtime.getRuntime().availableProcessors(), 0, DeviceOptions::print);
  }

  /**
   * The same for one of several processes.
   *
   * @param processors that this process may keep busy
   * @param gpu the number of the GPU to use where the option names none
   * @param say takes the choice
   */
  public static void choose(CommandLine line, int processors, int gpu, Consumer<String> say) {
    String device = line.getOptionValue(DEVICE, "auto");
    if (!device.equals("auto") && !device.equals("cpu") && !GPU.matcher(device).matches()) {
      throw new UserError(
          "option --device: expected auto, cpu or cuda[:N], found '" + device + "'");
    }
    String engine = engine(line);
    Native.setThreads(Arguments.integer(line, "threads", processors, 1));
    switch (device) {
      case "cpu" -> onCpu("set by --device", say);
      case "auto" -> automatic("cuda:" + gpu, say);
      case "cuda" -> onGpu("cuda:" + gpu, say);
      default -> onGpu(device, say);
    }
    if (line.hasOption(CONV)) {
      convolveBy(engine, say);
    }
  }

  /**
   * Refuses GPU_COUNT above 1 where one process computes on a GPU, which is all that it uses. On
   * the CPU GPU_COUNT is just a factor of the batch size.
   *
   * @param processes that train together
   */
  public static void requireGpus(Config config, int processes) {
    String device = Native.selectedDevice().getString();
    if (config.GPU_COUNT > 1 && processes == 1 && !device.equals("cpu")) {
      throw new UserError(
          "GPU_COUNT: expected 1, since one process uses one GPU (%s), found %d; ACCUMULATION_STEPS=%d gives the same numbers, and mpirun -np %d uses as many GPUs"
              .formatted(
                  device,
                  config.GPU_COUNT,
                  config.GPU_COUNT * config.ACCUMULATION_STEPS,
                  config.GPU_COUNT));
    }
  }

  /**
   * The exception to report for a native failure: a {@link UserError} if the machine failed, that
   * is a GPU, or memory that was too small, else the exception itself, since then the program is
   * wrong.
   */
  public static RuntimeException report(NativeException e) {
    return switch (e.kind()) {
      case OUT_OF_MEMORY -> outOfMemory(e);
      case OUT_OF_DEVICE_MEMORY, DEVICE_ERROR -> new UserError(e.getMessage(), e);
      case BAD_ARGUMENT, UNSUPPORTED, OTHER -> e;
    };
  }

  /**
   * Names the limit that memory has run into.
   *
   * @param failure of the native library, or of Java's heap
   */
  public static UserError outOfMemory(Throwable failure) {
    String left =
        ProcessMemory.room()
            .map(room -> "%d MB of %s".formatted(room.bytes() / 1_000_000, room.limit()))
            .orElse("too little");
    return new UserError(
        "expected enough memory to go on, found %s, and %d MB of Java's heap (%s)"
            .formatted(left, Runtime.getRuntime().maxMemory() / 1_000_000, failure.getMessage()),
        failure);
  }

  /**
   * The number of an element type, for the native library.
   *
   * @param precision f32, bf16 or f16
   */
  public static int type(String precision) {
    int type = List.of("f32", "bf16", "f16").indexOf(precision);
    if (!Native.hasType(type)) {
      throw new UserError(
          "option --precision: expected a type that %s supports, found '%s'"
              .formatted(Native.selectedDevice().getString(), precision));
    }
    return type;
  }

  /**
   * Loads cuDNN, so that its convolutions can be measured and checked next to the built-in ones.
   *
   * @return empty, or why it cannot be used
   */
  public static String openCudnn() {
    return Native.openCudnn(UserLibrary.CUDNN.location()).getString();
  }

  /** The engine that {@code --conv} names: builtin, which was once called ours, cudnn or auto. */
  private static String engine(CommandLine line) {
    return "ours".equals(line.getOptionValue(CONV))
        ? "builtin"
        : Arguments.choice(line, "conv", "builtin", "builtin", "cudnn", "auto");
  }

  private static void convolveBy(String engine, Consumer<String> say) {
    if (Native.selectedDevice().getString().equals("cpu")) {
      throw new UserError(
          "option --conv: expected none on the CPU, which has kernels of its own alone, found '"
              + engine
              + "'");
    }
    String obstacle = engine.equals("builtin") ? "" : openCudnn();
    if (!obstacle.isEmpty() && engine.equals("cudnn")) {
      throw new UserError("option --conv: " + obstacle);
    }
    String taken = obstacle.isEmpty() ? engine : "builtin";
    Native.selectConvolutions(taken);
    say.accept(
        switch (taken) {
          case "cudnn" -> "convolutions by cuDNN";
          case "auto" -> "convolutions by cuDNN or the built-in kernels, the faster at each shape";
          default ->
              "convolutions by the built-in kernels" + (obstacle.isEmpty() ? "" : ": " + obstacle);
        });
  }

  private static void automatic(String gpu, Consumer<String> say) {
    String obstacle =
        CudaLibrary.isThere()
            ? Native.whyNoGpu().getString()
            : "this build has no CUDA library (`mvn package -Dcuda=ON` adds it)";
    if (!obstacle.isEmpty()) {
      onCpu(obstacle, say);
      return;
    }
    try {
      onGpu(gpu, say);
    } catch (UserError e) {
      onCpu(e.getMessage(), say);
    }
  }

  private static void onGpu(String device, Consumer<String> say) {
    Path library =
        CudaLibrary.file()
            .orElseThrow(
                () ->
                    new UserError(
                        "option --device: expected auto or cpu, found '"
                            + device
                            + "': this build has no CUDA library; `mvn package -Dcuda=ON` adds it"
                            + " where nvcc is installed"));
    try {
      Native.selectDevice(device, library.toString());
    } catch (NativeException e) {
      throw new UserError("option --device: " + e.getMessage(), e);
    }
    say.accept("computing on " + Native.selectedDevice().getString());
  }

  private static void onCpu(String why, Consumer<String> say) {
    Native.selectDevice("cpu", "");
    int threads = Native.threads();
    say.accept(
        "computing on the CPU with %d thread%s: %s"
            .formatted(threads, threads == 1 ? "" : "s", why));
  }

  private static void print(String what) {
    System.err.println("selvage: " + what);
  }
}
