package dev.selvage.cli.bench;

import dev.selvage.bench.BusyProcesses;
import dev.selvage.bench.Measurement;
import dev.selvage.bench.StepBench;
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

/** {@code bench step}: whole training steps. */
final class StepBenchCommand implements Command {
  private static final String BESIDE = "beside";
  private static final String NICE = "nice";
  private static final int MOST_BESIDE = 64;
  private static final int NICEST = 19;

  @Override
  public String name() {
    return "bench step";
  }

  @Override
  public String summary() {
    return "time a training step, its stages, and the peak rate of matrix products";
  }

  @Override
  public String usage() {
    return "[options]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "bench step", "bench step --precision bf16,f32 --steps 20", "bench step --beside 2");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.MODEL,
            BenchOptions.BACKBONE,
            BenchOptions.SIZE,
            ConfigOptions.SET,
            Arguments.value("batch", "N", "images in the batch", 2),
            Arguments.value("rois", "N", "ROIs per image, a third of them positive", 200),
            Arguments.value(
                "layers",
                "LAYERS",
                "layers to train: heads, 3+, 4+, 5+, all or a regular expression",
                "all"),
            BenchOptions.STEPS)
        .add(Section.DEVICE, DeviceOptions.with(BenchOptions.PRECISION))
        .add(
            Section.DEVICE,
            Arguments.value(
                BESIDE,
                "N",
                "measure in turn without and beside N processes that each keep one core busy"),
            Arguments.value(
                NICE, "K", "with --beside: add K to the nice value of these processes", 0))
        .add(Section.OUTPUT, Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Arguments.requireTogether(line, NICE, BESIDE);
    int beside = Arguments.integer(line, BESIDE, 0, 1, MOST_BESIDE);
    int nice = Arguments.integer(line, NICE, 0, 1, NICEST);
    DeviceOptions.choose(line);
    List<DType> types = PrecisionOption.list(line);
    Config config =
        BenchOptions.config(
            line, "TRAIN_ROIS_PER_IMAGE=" + Arguments.integer(line, "rois", 200, 1));
    int size = BenchOptions.size(line);
    int images = Arguments.integer(line, "batch", 2, 1);
    String layers = line.getOptionValue("layers", "all");
    int steps = BenchOptions.steps(line);
    try (BusyProcesses busy = BusyProcesses.start(beside, nice)) {
      Map<DType, Measurement> found =
          StepBench.run(config, size, images, layers, steps, types, busy);
      BenchOutput.print(line, BenchOutput.compare(types, found));
    }
  }
}
