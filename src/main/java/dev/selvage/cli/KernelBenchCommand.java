package dev.selvage.cli;

import dev.selvage.bench.KernelBench;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.runtime.Native;
import dev.selvage.util.UserError;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** {@code bench kernels}: single operations at the shapes of a training step. */
final class KernelBenchCommand {
  static final Option OP =
      Arguments.value("op", "PART", "kernels: only rows whose name or shape contains it");

  private static final List<String> TYPES = List.of("f32", "bf16", "f16");

  private KernelBenchCommand() {}

  static void run(CommandLine line) {
    String part = line.getOptionValue(OP, "");
    int images = Arguments.integer(line, "batch", 2, 1);
    int size = Arguments.integer(line, "size", 512, 64);
    if (size % 64 != 0) {
      throw new UserError("option --size: expected a multiple of 64, found '" + size + "'");
    }
    if (line.hasOption(DeviceOptions.CONV)) {
      throw new UserError(
          "option --conv: expected none for bench kernels, which times both, found '"
              + line.getOptionValue(DeviceOptions.CONV)
              + "'");
    }
    String type = Arguments.choice(line, "precision", "f32", TYPES.toArray(String[]::new));
    DeviceOptions.choose(line);
    boolean onGpu = !Native.selectedDevice().getString().equals("cpu");
    if (onGpu) {
      String obstacle = DeviceOptions.openCudnn();
      if (!obstacle.isEmpty()) {
        System.err.println("selvage: no times of cuDNN: " + obstacle);
      }
    }
    boolean json = line.hasOption(Arguments.JSON);
    KernelBench.Found found =
        KernelBench.run(
            part,
            images,
            size,
            DeviceOptions.type(type),
            device -> {
              if (!json) {
                head(device, images, size, type, onGpu);
              }
            },
            row -> {
              if (!json) {
                System.out.printf(
                    "%-68s %12.1f %9.3f %8.1f %8.1f%%%s%n",
                    row.operation(),
                    row.medianMicros(),
                    row.teraflops(),
                    row.gigabytes(),
                    row.roofline(),
                    beside(row));
              }
            });
    if (found.rows().isEmpty()) {
      throw new UserError(
          "option --op: expected a part of an operation's name, found '" + part + "'");
    }
    if (json) {
      Arguments.printJson(found);
    }
  }

  private static String beside(KernelBench.Row row) {
    return row.cudnnMicros() == null
        ? ""
        : " %10.1f %8.2f".formatted(row.cudnnMicros(), row.cudnnRatio());
  }

  private static void head(
      KernelBench.Device device, int images, int size, String type, boolean onGpu) {
    System.out.printf(
        "%d images of %d x %d, %s maps, on %s: at best %.3f TFLOP/s (%s) and %.1f GB/s (a copy)%n",
        images,
        size,
        size,
        type,
        device.name(),
        device.teraflops(),
        device.by(),
        device.gigabytes());
    System.out.printf(
        "%-68s %12s %9s %8s %9s%s%n",
        "",
        "median us",
        "TFLOP/s",
        "GB/s",
        "roofline",
        onGpu ? " %10s %8s".formatted("cuDNN us", "ratio") : "");
  }
}
