package dev.selvage.doctor;

import dev.selvage.runtime.CudaLibrary;
import dev.selvage.runtime.Native;
import dev.selvage.tensor.DType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What Selvage runs on. */
public final class SystemInfo {
  private static final long GIB = 1L << 30;

  private SystemInfo() {}

  /** Facts by name, in the order to print them. */
  public static Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("processor", procField("/proc/cpuinfo", "model name"));
    facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("memory", procField("/proc/meminfo", "MemTotal"));
    facts.put(
        "java", System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
    facts.put("java heap", Runtime.getRuntime().maxMemory() / GIB + " GiB at most");
    facts.put("native library", Native.libraryVersions().getString());
    facts.put("cpu features", Native.cpuFeatures().getString());
    facts.put("bf16", DType.BF16.available() ? "yes" : "no: needs avx512_bf16");
    facts.put("threads", String.valueOf(Native.threads()));
    facts.put("gpu", gpu());
    facts.put("computes on", Native.selectedDevice().getString());
    return facts;
  }

  /** The most memory that this process has held so far, in bytes. */
  public static long peakResident() {
    String value = procField("/proc/self/status", "VmHWM");
    return Long.parseLong(value.replaceAll("\\D", "")) * 1024;
  }

  /**
   * Begins anew with {@link #peakResident}: from now on it tells the most memory held since.
   *
   * @throws UncheckedIOException the system does not allow it
   */
  public static void forgetPeak() {
    try {
      Files.writeString(Path.of("/proc/self/clear_refs"), "5");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String gpu() {
    String obstacle = Native.whyNoGpu().getString();
    String library = CudaLibrary.isThere() ? "" : "; this build has no CUDA library";
    return (obstacle.isEmpty() ? "can be used" : obstacle) + library;
  }

  private static String procField(String file, String field) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(field))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .orElse("unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
