package dev.selvage.cli.bench;

import dev.selvage.bench.ScaleBench;
import dev.selvage.cli.command.Command;
import dev.selvage.cli.options.Arguments;
import dev.selvage.cli.options.CommandOptions;
import dev.selvage.cli.options.CommandOptions.Section;
import dev.selvage.cli.options.ConfigOptions;
import dev.selvage.cli.options.DeviceOptions;
import dev.selvage.cli.options.RankOptions;
import dev.selvage.config.Config;
import dev.selvage.ranks.Communicator;
import dev.selvage.ranks.Launcher;
import dev.selvage.ranks.Together;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;

/** {@code bench scale}: training steps that several processes share. */
final class ScaleBenchCommand implements Command {
  @Override
  public String name() {
    return "bench scale";
  }

  @Override
  public String summary() {
    return "time a training step of several processes, and how much of their exchange is hidden";
  }

  @Override
  public String usage() {
    return "[options]";
  }

  @Override
  public List<String> examples() {
    return List.of(
        "bench scale --ranks 1,2,4", "bench scale --backbone resnet18 --size 256 --batch 1");
  }

  @Override
  public CommandOptions options() {
    return new CommandOptions()
        .add(
            Section.MODEL,
            BenchOptions.BACKBONE,
            BenchOptions.SIZE,
            ConfigOptions.SET,
            Arguments.value("batch", "N", "images in the batch of each process", 1),
            BenchOptions.STEPS)
        .add(Section.DEVICE, DeviceOptions.DEVICE, DeviceOptions.THREADS)
        .add(
            Section.DEVICE,
            Arguments.value(
                "ranks",
                "N,N,...",
                "start so many processes by mpirun, one number after the other",
                "as many as an MPI launcher has started"),
            RankOptions.TIMEOUT)
        .add(Section.OUTPUT, Arguments.JSON);
  }

  @Override
  public void run(CommandLine line) {
    Config config = BenchOptions.config(line);
    int size = BenchOptions.size(line);
    int images = Arguments.integer(line, "batch", 1, 1);
    int steps = BenchOptions.steps(line);
    if (line.hasOption("ranks") && Launcher.of(System.getenv()).isEmpty()) {
      ScaleSeries.run(line, ScaleSeries.counts(line.getOptionValue("ranks")));
      return;
    }
    Communicator joined = RankOptions.join(line);
    Together.run(
        joined,
        () -> {
          Communicator ranks = RankOptions.chooseDevice(line, joined);
          Map<String, Double> values = ScaleBench.run(config, size, images, steps, ranks);
          if (ranks.rank() == 0) {
            BenchOutput.print(line, values);
          }
        });
  }
}
