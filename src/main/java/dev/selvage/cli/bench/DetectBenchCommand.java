package dev.selvage.cli.bench;

import dev.selvage.bench.DetectBench;
import dev.selvage.bench.Measurement;
import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.PrecisionOption;
import dev.selvage.config.Config;
import dev.selvage.tensor.DType;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;

/** {@code bench detect}: whole detections. */
final class DetectBenchCommand implements Command {
  @Override
  public String name() {
    return "bench detect";
  }

  @Override
  public String summary() {
    return "time a detection with masks, and the peak rate of matrix products";
  }

  @Override
  public String usage() {
    return "[options]";
  }

  @Override
  public List<String> examples() {
    return List.of("bench detect", "bench detect --backbone resnet101 --size 1024");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.MODEL,
            BenchOptions.BACKBONE,
            BenchOptions.SIZE,
            ConfigOptions.SET,
            Arguments.value("batch", "N", "images in the batch", 1),
            Arguments.value("rois", "N", "proposals per image", 1000),
            Arguments.value("objects", "N", "detections per image", 10),
            BenchOptions.STEPS)
        .add(Section.DEVICE, DeviceOptions.with(BenchOptions.PRECISION))
        .add(Section.OUTPUT, Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    DeviceOptions.choose(line);
    List<DType> types = PrecisionOption.list(line);
    Config config =
        BenchOptions.config(
            line, "POST_NMS_ROIS_INFERENCE=" + Arguments.integer(line, "rois", 1000, 1));
    Map<DType, Measurement> found =
        DetectBench.run(
            config,
            BenchOptions.size(line),
            Arguments.integer(line, "batch", 1, 1),
            Arguments.integer(line, "objects", 10, 1),
            BenchOptions.steps(line),
            types);
    BenchOutput.print(line, BenchOutput.compare(types, found));
  }
}
