package dev.selvage.cli.bench;

import dev.selvage.bench.KernelBench;
import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.runtime.Native;
import dev.selvage.util.UserError;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** {@code bench kernels}: single operations at the shapes of a training step. */
final class KernelBenchCommand implements Command {
  private static final List<String> TYPES = List.of("f32", "bf16", "f16");

  @Override
  public String name() {
    return "bench kernels";
  }

  @Override
  public String summary() {
    return "time each operation at the shapes of a training step";
  }

  @Override
  public String usage() {
    return "[options]";
  }

  @Override
  public List<String> examples() {
    return List.of("bench kernels --device cuda --batch 8", "bench kernels --op conv_block");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.MODEL,
            Arguments.value("op", "TEXT", "only operations whose name or shape contains this text"),
            Arguments.value("batch", "N", "images in the batch", 2),
            BenchOptions.SIZE)
        .add(
            Section.DEVICE,
            DeviceOptions.DEVICE,
            DeviceOptions.THREADS,
            Arguments.value(
                "precision",
                "NAME",
                "element type of the feature maps: f32, bf16 or, on a GPU, f16",
                "f32"))
        .add(Section.OUTPUT, Arguments.JSON);
  }

  @Override
  public boolean usesPictures() {
    return false;
  }

  @Override
  public void run(CommandLine line) {
    String part = line.getOptionValue("op", "");
    int images = Arguments.integer(line, "batch", 2, 1);
    int size = BenchOptions.size(line);
    String type = Arguments.choice(line, "precision", "f32", TYPES.toArray(String[]::new));
    DeviceOptions.choose(line);
    boolean onGpu = !Native.selectedDevice().getString().equals("cpu");
    if (onGpu) {
      String obstacle = DeviceOptions.openCudnn();
      if (!obstacle.isEmpty()) {
        System.err.println("selvage: cuDNN is not timed: " + obstacle);
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
                    cudnn(row));
              }
            });
    if (found.rows().isEmpty()) {
      throw new UserError(
          "option --op: expected part of the name or shape of an operation, found '" + part + "'");
    }
    if (json) {
      Arguments.printJson(found);
    }
  }

  private static String cudnn(KernelBench.Row row) {
    return row.cudnnMicros() == null
        ? ""
        : " %10.1f %8.2f".formatted(row.cudnnMicros(), row.cudnnRatio());
  }

  private static void head(
      KernelBench.Device device, int images, int size, String type, boolean onGpu) {
    System.out.printf(
        "%d images of %d x %d, %s feature maps, on %s; peak %.3f TFLOP/s (%s) and %.1f GB/s (a copy)%n",
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
